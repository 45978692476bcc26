"""M3, hidden regimes, without PyMC: its law, the filter over the past, and forecasts from stored draws.

- `filter` sum out the hidden regimes of M3: how likely a ledger is, and how probable each regime was in each year
- `forecast` continue the hidden regimes of M3 into the future, and label the ledgers they leave with the outcome
  rule
- `law` M3's prior, structure and digest
- `pool` another stickiness without a new fit of M3: importance weights for the draws of one fit, or of a pool of
  fits
"""
