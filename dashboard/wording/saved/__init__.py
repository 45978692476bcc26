"""Words for saved forecasts beside each other: the project's and the reader's own.

- `course` how a chance has moved with each saved forecast
- `published` the project's own forecasts: whose, where they lie, that they are whole
- `since` what has changed since the last of them
"""
