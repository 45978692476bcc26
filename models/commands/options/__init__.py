"""Options that several commands share, and what they mean.

- `fitting` A fit that a command waits for
- `runs` what long commands share
- `settings` options that several commands share
- `sources` which forecasts `python -m models export` is about
"""
