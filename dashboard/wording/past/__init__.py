"""Words for the past: why a year is what the rule calls it.

- `why` one year: its label, the sum behind it, its acts
"""
