"""What would change the forecast: every piece of evidence left out, every prior and likelihood scaled.

- `power_scaling` is a probability there because of a prior or because of the evidence? Each is made a little
  stronger, and what moves?
- `refits` a piece of the evidence left out exactly, by a refit
- `study` the leave-one-out study: shortcut against refits, tables and acceptance
"""
