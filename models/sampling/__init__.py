"""The only room with PyMC: the three models as graphs, the sampler, and the fits that the library is built from."""
