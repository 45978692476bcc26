"""What-ifs along a path: a driver held at a value from a year on, answered by simulating the futures again.

- `alignment` M1's draws under a setting, continued along any drivers: path weighed, coefficients and level drawn anew
- `answers` the published chances with drivers held and without, model by model, in two columns
- `difference` how far a model's chances move between two simulations of the same draws, and the error of that
- `drivers` where every driver stands, what it may be held at, and the drivers of each coming year
- `holds` one driver held at a value from a year on: as a value and as text
- `named` what-ifs with a name, after the essay; `named.csv` says what each stands in for
- `ordered` M2's draws under a setting, continued along any drivers
"""
