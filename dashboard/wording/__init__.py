"""Every word and number on the page, by subject. Pure; nothing here draws.

- `backtest` words for hindcasts
- `calibration` words for simulation-based calibration and for the fits' acceptance checks
- `chances` A probability in words
- `change` words for what became of a forecast
- `engine` words for the engine's held-out study
- `evidence` plain sentences about the record and the checks
- `forecast` plain sentences about a forecast, computed from its results table
- `glossary` what every term on the page means, in at most two plain sentences
- `labels` names on the page for what the code calls by a key, and dates as people write them
- `models` words for the models side by side
- `record` words for the record of saved forecasts
- `sensitivity` words for what would change the forecast
- `support` words for how well the record supports a setting, and for what it would take to reach a probability
- `table` the results table as the page reads it
- `track` words for the track record
- `verdicts` the four answers at the top of the Checks page, each by a rule from numbers
"""
