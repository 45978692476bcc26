"""M1, latent alignment, without PyMC: its priors, its likelihood in NumPy, and its predictive checks."""
