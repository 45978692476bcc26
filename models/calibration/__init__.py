"""Do the models find what was simulated from them? Ranks of known truths among posterior draws.

- `alignment` simulation-based calibration of M1: ledgers written by its prior, refitted with NUTS.
- `base_rate` simulation-based calibration of M0: chains written by its prior, and the exact conjugate posterior
- `members` simulation-based calibration of M2 and M3: histories written by their priors, refitted with NUTS.
- `ranks` are ranks uniform? The verdict of simulation-based calibration, by bands that hold for a whole curve at
  once
- `sampling` refits of simulated histories
- `study` A calibration study
- `world` one simulated world of a calibration study
"""
