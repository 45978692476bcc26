"""From weighted draws to the results table: four models' answers, their mixture, and what moves it.

- `answers` where all models are asked under a setting, once each
- `cells` the results table by what its rows are about, its columns read once
- `effects` how far each knob alone can move the mixture, between its two ends
- `learning` does the evidence speak about a knob? Prior and posterior side by side, with a verdict in words
- `libraries` which library answers a setting, where there are several
- `opinions` each model's answer as mean, error and range, and the pooled opinion of the mixture
- `results` `make_forecast`: answers, shares and rounding joined into the one results table
- `year_mean` the second target: a coming year's own mean as a distribution, and in three words
"""
