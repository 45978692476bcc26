"""M2, ordered regression, without PyMC: its law, the transitions it reads, and how draws follow moved priors.

- `law` M2, the ordered regression, in NumPy
- `transitions` the labels as the ordered regression reads it
- `transport` M2 under a moved prior, without a new fit
"""
