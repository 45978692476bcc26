"""The parts of the Record page: saved forecasts listed, opened, compared, saved and imported.

- `about` which record this is, what its chain of digests proves and what not, and a check of all of it
- `actions` what can be done with one saved forecast
- `compare` two forecasts side by side
- `entry` one saved forecast in full
- `frame` what every part of the record's pages shares
- `imports` import of a snapshot
- `listing` the saved forecasts as a list
- `pair` two saved forecasts side by side, or one and the setting on the sliders
- `save` save to the record
- `selectors` widgets of a comparison that choose what to look at
"""
