"""The parts of the Track record page.

- `data` what the page draws, worked out once for each state of the record and each day
- `questions` the list of questions, one in full with its decisive rows, buttons that resolve and dispute
- `replays` history replayed into the record: asked first, written with progress, stopped by a click
- `sections` scores, chances and calibration of live forecasts and, apart from them, of hindcasts
- `settling` a dispute settled by a keeper who has signed in
- `signposts` how good saved chances of signposts were, and what the answers taught
- `selectors` widgets that choose score, group, horizon, event and question
"""
