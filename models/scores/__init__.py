"""How good forecasts were: scoring rules, their intervals, calibration curves and stacking weights.

- `bootstrap` is a mean difference of scores more than luck? Intervals that respect overlapping targets, and the
  verdict by rule
- `distributions` forecasts of a number as quantiles: CRPS, central ranges, chances of words
- `figures` what a study must reach: figures, each with its limit
- `reliability` do events happen as often as forecast? CORP curves
- `rules` RPS, log and Brier scores of a forecast of the states
- `skill_index` a penalty as 0 to 100: the worst possible, as good as the base rate, perfect
- `stacking` Bayesian stacking weights of the models
"""
