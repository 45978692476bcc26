"""The past forecast again from what was visible then, and scored against simple rules.

- `controls` variants: drivers left out, at the essay's strength, and shuffled
- `coverage` did the ranges of the years' means hold what they promised?
- `first_edition` what the first edition had said of 2025, and what it was worth
- `hindcasts` every model fitted again at every year-end, and what it forecast then
- `mid_year` what a part of a year is worth: the same year-ends from days inside a year and from its start
- `mixture` what mixing or choosing among the members would have said
- `origins` which model is asked at which past year-end
- `outcomes` what happened, beside what was forecast
- `scores` scores of the states against simple rules, with intervals
- `study` all tables of a backtest
- `weights` which shares the mixture is published with
- `yardsticks` simple forecasts at every origin
- `year_means` scores of the years' own means
"""
