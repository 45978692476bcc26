"""The parts of the Track record page.

- `data` what the Track record page draws, worked out once for each state of the record and each day
- `questions` track record
- `sections` track record
- `selectors` widgets of the Track record page that choose what to look at
"""
