"""What it would take: the least change of belief that makes an outcome as likely as somebody says.

- `alignment` M1's part, its slope, and that of the draws that are left, in one pass
- `chance` the goal's probability at a setting, nearly at any point with its slope, and along one lever at once
- `climb` all levers together, by sequential quadratic programming
- `goal` an outcome, on the day or at least once by it, and the probability that it should reach
- `levers` what may be moved, and how far a move is: in its own prior's standard deviations
- `members` the same of the models beside M1: M0 and M3 with one lever each, M2 straight on from the start
- `rounding` from a point between the sliders' steps to a setting on them that still reaches the goal
- `search` the least move of one lever, and of all together
- `watch` how a search tells how far it has come, and how it is stopped
"""
