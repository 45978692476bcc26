"""What lies between two snapshots: which inputs differ, and how much of the difference each one explains.

- `across` a change across two outcome rules: data, prior, model and time where both sides can be asked, and a bridge
- `bridge` the former models on newer evidence, fitted once under each rule
- `coalitions` forecasts with some inputs of the older snapshot and some of the newer
- `compare` two snapshots side by side, field by field
- `effects` what one piece of the evidence does to each model's forecast, without a refit
- `game` which inputs differ (the players), and Shapley's coefficients
- `movers` which rows and which assumptions moved the forecast most between two snapshots, each on its own
- `pieces` what stands in one evidence and not in the other, row by row, and the evidence as if a row had stayed as
  it was
- `side` `Side`: one snapshot with evidence and draws to ask
- `signposts` what two snapshots say of the same signposts, and of the same what-ifs
- `split` why do two forecasts differ? The change of each state's probability, split into data, prior, model and
  passing time
- `values` forecasts of the four states between two snapshots, with the noise of their draws
"""
