"""Stored draws of all models, and how they answer priors that nobody fitted."""
