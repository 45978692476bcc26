"""One forecast as a file that others can check: written, read, and computed again.

- `archive` the zip of a snapshot
- `charts` who draws a forecast's charts
- `document` from the bytes of snapshot
- `inputs` what a forecast was made from, as bytes that travel with its snapshot, and back
- `numbers` every published number of a snapshot against the one that its inputs give
- `parts` the parts of a snapshot, as values
- `value` A snapshot
- `verify` does a snapshot say what it was made from? Every published number computed again, offline, from the
  stored inputs
"""
