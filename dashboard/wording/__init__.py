"""Every word and number on the page, by subject. Pure; nothing here draws.

- `ask` what is asked of the forecast: pins, acts, signposts, the worth of answers, what-ifs along a path
- `backtest` hindcasts: verdicts against simple rules, reliability curves, stacking weights, shuffled drivers
- `calibration` simulation-based calibration: quantities recovered, models that failed at first; the engine's study
- `chances` one probability as word, per cent, “N in 100” and range, and the rounding that its error allows
- `change` what became of a forecast: each part of a change, and the rows that moved it
- `checks` a check's name, value and limit, simulations against what was observed, other outcome rules
- `days` how far off a day is, and the mark of a day that has passed
- `evidence` the ledger's rows, one indicator with its gaps and breaks, how often each state held
- `first` the first screen: what changed against the starting view, trust and agreement, questions and the tour
- `forecast` the headline, a line under each chart of a forecast, and what its badge asks the reader to do
- `glossary` what every term on the page means, in at most two plain sentences
- `knobs` what the evidence did to one knob, where its driver stands, and how far it moves a chance
- `labels` names for what the code calls by a key (states, models, targets, acts), dates and lists as people write them
- `method` the Method page: its text in sections
- `models` the models side by side: where they differ, what each weighs, what equal weights would say
- `now` the nearest year-end, and the news that changes what is said of it
- `numerals` figures as text: thousands and millions, signs, shares, minus signs
- `past` why a past year is what the rule calls it
- `pictures` what a picture takes along when it leaves the page
- `record` the Record page: marks of live forecasts and hindcasts, lines of an entry, damages, verification
- `saved` saved forecasts beside each other: the project's and the reader's own
- `sensitivity` pieces of evidence left out, settings against evidence, ten copies of one indicator
- `support` how well the evidence supports a setting, and what it takes to reach a probability
- `table` the results table as the page reads it: a reading for every published probability
- `track` the Track record page: questions and their status, scores, settling of disputes
- `verdicts` the four cards of the Checks page: what `models.verdicts.rules` decides, in words
- `year_mean` a year's own mean: its quantiles and its three words
"""
