"""The parts of the Record page.

- `about` which record this is, what its chain proves, and a check of all of it
- `actions` remarks on a saved forecast, its verification, its downloads
- `compare` two forecasts side by side: the change, whose doing it was, everything that differs
- `entry` one saved forecast in full
- `frame` the message when the record cannot be used, badges, texts of people, the address to share
- `imports` an uploaded snapshot: verified, refused or saved as an entry
- `listing` the list with its filters; a tick opens a forecast
- `pair` the choice of two forecasts to compare
- `save` the form that saves: name, author, note, a reason for every moved assumption
- `since` what has changed since the last forecast that was published or saved
- `selectors` widgets of a comparison that choose what to look at
"""
