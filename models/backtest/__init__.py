"""The past forecast again from what was visible then, and scored against simple rules.

- `controls` negative controls of the backtest
- `hindcasts` the past forecast again
- `scores` what the hindcasts were worth
"""
