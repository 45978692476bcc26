"""The only room with PyMC: the three models as graphs, the sampler, and the fits that the library is built from.

- `again` fit a snapshot's three sampled models again, at its own setting and with another seed, and compare the
  answers
- `alignment_model` M1, the latent-alignment model, in PyMC: every event is a noisy ordinal reading of one yearly
  alignment
- `anchor_fits` fit the anchors of a library, each once
- `copies` negative control
- `fit_alignment` fit the latent-alignment model
- `fit_members` fit M2 and M3: compile once for all dates and priors, sample, forecast, certify
- `gate` acceptance gates
- `library_build` build the library
- `ordered_model` M2, the ordered regression, in PyMC. The equations stand in `models
- `regimes_model` M3, the sticky hidden Markov model of `models
- `sampler` run NUTS on a model that nutpie compiled
"""
