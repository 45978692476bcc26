"""Can the models be trusted? Archived studies, what the priors say alone, and the rules that answer by them.

- `facts` numbers taken from the archived tables: shares outside a band, largest moves, skill in single comparisons
- `gates` what each model's priors would forecast alone, judged before any evidence is read; the words of a gate that
  failed stand beside its limit, in `models.base_rate.chain` and `models.alignment.prior_predictive`
- `mid_year` what may be said of the archived backtest from days inside a year
- `rules` the thresholds, and the verdict that follows on the sampler, the models, the forecast and what would change it
- `sentences` what may be said of the archived backtest, each sentence by rule from its rows
- `signposts` what may be said of the archived backtest of the signposts' chances
- `studies` the archived studies: what each was about and its tables, and whether it is of the present version
"""
