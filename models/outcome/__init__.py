"""The frozen rule that labels a year from the ledger, and the signposts.

- `robustness` how much the labels of history depend on choices and accidents
- `rule` the outcome rule
- `signpost_list` what the signposts ask
- `signposts` answers to the signposts
"""
