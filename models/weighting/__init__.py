"""Importance weights and their errors: what any weighted average of stored draws rests on.

- `batch_means` Monte Carlo errors of correlated draws, by batch means
- `mbar` multistate Bennett acceptance ratio (MBAR; Shirts and Chodera 2008)
- `noise` the noise of weighted sums of draws, block by block, and what it leaves of a difference
- `pareto` the tail of importance ratios smoothed (PSIS), and its shape k
- `status` the badges exact, good, fair and poor, in order, and the worst of several
- `weights` smoothed importance weights, their effective size, and the limits at which a badge turns (`GOOD_K`,
  `GOOD_ESS`)
"""
