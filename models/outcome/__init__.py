"""The frozen rule that labels a year from the ledger, and the signposts.

- `robustness` how many labels of history change under other rules, weights and cuts
- `rule` `OutcomeRule`: weights and cuts that turn a year's ledger into a state; frozen, with its digest
- `signpost_list` the signposts as `signposts.toml` asks them
- `signposts` the signposts answered from the evidence
"""
