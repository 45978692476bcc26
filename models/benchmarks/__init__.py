"""How long things take on this machine, measured and never asserted.

- `asking` questions to the signposts: pins, acts and values
- `crowd` visitors of the page at once, and how they behave
- `engine` the engine, a warm refit, a plain `pm.sample`, and what the page adds
- `record` a record of a thousand forecasts: list, check, add
- `timing` how long something takes, as a row of the table
"""
