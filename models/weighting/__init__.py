"""Importance weights and their errors: what any weighted average of stored draws rests on.

- `batch_means` monte Carlo errors of correlated draws by batch means
- `mbar` multistate Bennett acceptance ratio (MBAR; Shirts and Chodera 2008)
- `noise` what the draws' noise does to weighted sums
- `pareto` pareto smoothing of importance ratios, in NumPy alone
- `status` how far weighted draws can be trusted, in four words
- `weights` importance weights
"""
