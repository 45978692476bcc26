"""Do the models find what was simulated from them? Ranks of known truths among posterior draws.

- `alignment` M1 calibrated: ledgers written by its prior, refitted with NUTS
- `base_rate` M0 calibrated: chains written by its prior, and the exact conjugate posterior
- `members` M2 and M3 calibrated: histories written by their priors, refitted with NUTS
- `ranks` are ranks uniform? The verdict of simulation-based calibration, by bands that hold for a whole curve at
  once
- `sampling` refits of simulated histories, until a fit passes its checks
- `study` a whole calibration study, task by task
- `world` one simulated world: its truth, its history, and what is asked of a refit
"""
