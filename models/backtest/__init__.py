"""The past forecast again from what was visible then, and scored against simple rules.

- `controls` variants: drivers left out, at the essay's strength, and shuffled
- `hindcasts` every model fitted again at every year-end, and what it forecast then
- `origins` which model is asked at which past year-end
- `outcomes` what happened, beside what was forecast
- `scores` scores of the hindcasts against simple rules, with intervals
- `yardsticks` simple forecasts at every origin
"""
