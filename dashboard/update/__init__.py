"""News put into the evidence from the page: a file looked at, and the command that does the rest as a process.

- `panel` the form, what the rows would change, and how far the run has come
- `process` one run of `python -m models evidence update`, followed and stopped from any server of this user
"""
