"""How good forecasts were: scoring rules, their intervals, calibration curves and stacking weights.

- `bootstrap` is a mean difference of scores more than luck? Intervals that respect overlapping targets, and the
  verdict by rule
- `reliability` do events happen as often as forecast? CORP reliability
- `rules` how good a forecast of the four states was
- `stacking` bayesian stacking
"""
