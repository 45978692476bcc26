"""M2, ordered regression, without PyMC: its law, the transitions it reads, and how draws follow moved priors."""
