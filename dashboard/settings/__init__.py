"""One session's settings: the account of what is in force, its widgets, its link and its history.

- `account` one session's account of its settings
- `controls` every widget that changes a setting
- `history` undo and redo
- `link` the address of a page as settings, and back
- `session` what a browser session remembers beside its settings
"""
