"""How long things take on this machine, measured and never asserted.

- `engine` how long things take on this machine
- `record` how long a record of a thousand forecasts takes to list, to check and to add to, for `python -m models
  benchmark`
"""
