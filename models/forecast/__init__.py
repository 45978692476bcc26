"""From weighted draws to the results table: four models' answers, their mixture, and what moves it.

- `answers` every model of a library, asked once under a setting
- `effects` what each knob can do
- `inverse` the inverse slider
- `learning` does the evidence speak about a knob? Prior and posterior side by side, with a verdict in words
- `libraries` which library answers a setting, where there are several
- `opinions` what each model says under a setting, and what their mixture says
- `results` from evidence, a fit and assumptions to one results table
"""
