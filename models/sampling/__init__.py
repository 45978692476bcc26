"""The only room with PyMC: the three models as graphs, the sampler, and the fits that the library is built from.

- `again` fit a snapshot's three sampled models again, at its own setting and with another seed, and compare the
  answers
- `alignment_model` M1, the latent-alignment model, in PyMC: every event is a noisy ordinal reading of one yearly
  alignment
- `anchor_fits` the fits of a library, each once, resumable
- `copies` negative control: ten copies of one indicator must not count tenfold
- `fit_alignment` a fit of M1: compiled, sampled with progress, continued into the future, certified
- `fit_members` fit M2 and M3: compile once for all dates and priors, sample, forecast, certify
- `gate` the acceptance checks of a sampled fit (R-hat, effective size, divergences, energy), with their meaning in
  words
- `library_build` the whole library: what is missing is fitted, everything pooled
- `ordered_model` M2, the ordered regression, in PyMC
- `regimes_model` M3, the sticky hidden Markov model, in PyMC, its regimes summed out
- `sampler` NUTS on a compiled model: settings, progress, stopping
"""
