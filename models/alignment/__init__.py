"""M1, latent alignment, without PyMC: its priors, its likelihood in NumPy, and its predictive checks.

- `collapsed` the collapsed posterior
- `likelihood` the latent-alignment model's log likelihood of every posterior draw, in NumPy
- `marginals` one knob's prior and posterior, on the scale where they can be compared
- `posterior_predictive` would the fitted model have written a ledger like the one we have? Replicated ledgers
  against the recorded one
- `prior_predictive` what the priors alone say about the forecast, before the evidence is read
- `priors` from knob values to the priors of the models, and the log density that re-weighting needs
"""
