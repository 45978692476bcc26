"""Every chart, by subject: tables in, Vega-Lite specifications out. Pure.

- `asked` states over year-ends with the unconditional ones as ghosts, and bars of what each answer would make of them
- `backtest` hindcasts against simple rules: score differences, the chance given to what happened, stacking weights
- `bars` rows with their names above: what a list of bars, points or ranges begins with
- `calibration` ranks of simulated truths in their band, and reliability curves in their square
- `change` small waterfalls: from a forecast before to one now, a bar a cause
- `checks` simulations against what was observed, and how many labels another rule flips
- `colours` every colour: of a state, of a model, of a badge, of a hindcast
- `course` how a chance has moved with each saved forecast: live filled, hindcasts hollow
- `engine` the held-out study: how far off the sliders were, by badge
- `evidence` the ledger on a timeline, one indicator, a tile for every labelled year-end
- `forecast` the results table: four states over year-ends, fifty dots, the models side by side, the two targets
- `ghosts` rows of the starting view, for the charts of a moved setting
- `knobs` one knob: belief before and after the evidence, and the tornado of all of them
- `path` the latent alignment since 1950, its fan of futures, and the dated acts named on it
- `sensitivity` the probability that each left-out piece of evidence moves most
- `style` axes, legends, tooltips and the frame of a chart
- `track` saved forecasts against what happened, live and hindcast never in one picture
- `years` years that can be clicked
- `year_mean` each year's own mean: recorded, and what is said of the coming years
"""
