"""M2, ordered regression, without PyMC: its law, the transitions it reads, and how draws follow moved priors.

- `law` M2's prior, likelihood and exact forecast in NumPy
- `scores` how the density of its draws follows their prior, in closed form
- `transitions` the labels as M2 reads them, year after year
- `transport` M2's draws moved to another prior, without a new fit
"""
