"""Every chart, by subject: tables in, Vega-Lite specifications out. Pure.

- `backtest` hindcasts as pictures
- `calibration` calibration as pictures
- `change` what became of a forecast, as small waterfalls
- `checks` charts of what can be doubted
- `engine` the held-out study as a picture
- `evidence` charts of the record
- `forecast` charts of a forecast's results table
- `path` the latent alignment since 1950, where it may go, and the dated acts that moved it
- `sensitivity` pieces of the record left out, as bars
- `style` colours, axes and the frame of every chart
- `track` the track record as pictures
"""
