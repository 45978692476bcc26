"""Options that several commands share, and what they mean.

- `asking` what is asked beside a forecast
- `context` what a command finds around it
- `fitting` a fit that a command waits for
- `line` how a command declares itself and answers
- `present` the forecast that the options ask for
- `runs` what long commands share
- `settings` the knobs, the draws and the date
- `sources` which forecasts `python -m models export` is about
"""
