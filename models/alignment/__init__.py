"""M1, latent alignment, without PyMC: its priors, its likelihood in NumPy, and its predictive checks.

- `collapsed` M1's coefficients and level integrated out, so that moved priors need no fit
- `likelihood` the latent-alignment model's log likelihood of every posterior draw, in NumPy
- `marginals` one knob's prior and posterior, on the scale where they can be compared
- `posterior_predictive` would the fitted model have written a ledger like ours? Replicated ledgers against it
- `prior_predictive` what the priors alone say about the forecast, and the limits that they must keep
- `priors` `AlignmentPrior`: the law of M1 that a setting of the knobs means
- `scores` how each draw's density follows its prior: derivatives in closed form
"""
