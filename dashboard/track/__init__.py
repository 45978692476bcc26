"""The parts of the Track record page.

- `data` what the page draws, worked out once for each state of the record and each day
- `questions` the list of questions, one in full with its decisive rows, buttons that resolve, replay and dispute
- `sections` scores, chances and calibration of live forecasts and, apart from them, of hindcasts
- `selectors` widgets that choose score, group, horizon, event and question
"""
