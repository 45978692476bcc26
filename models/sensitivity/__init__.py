"""What would change the forecast: every piece of evidence left out, every prior and likelihood scaled.

- `power_scaling` is a probability there because of a prior or because of the evidence? Each is made a little
  stronger, and what moves?
- `refits` leave a piece of the evidence out exactly
- `study` the leave-one-out study
"""
