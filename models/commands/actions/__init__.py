"""Actions within a command, each large enough for a file of its own.

- `candidates` `python -m models resolve --candidates`
- `compare` `python -m models snapshot compare`
- `load` `python -m models benchmark --visitors 1,50`
- `mid_year` `python -m models backtest --mid-year`
- `published` the project's own forecasts, listed and checked
- `record_check` `python -m models record verify|guard|head`
- `signposts_backtest` `python -m models backtest --signposts`
- `track_score` `python -m models track score`
- `update` `python -m models evidence update`
- `verify` `python -m models snapshot verify FILE`
"""
