"""One forecast as a file that others can check: written, read, and computed again.

- `archive` the zip of a snapshot: written, and read once as `Archive`
- `charts` who draws a forecast's charts
- `document` snapshot.json read back, by its schema and strictly
- `inputs` the evidence and draws that travel with a snapshot, written and read back
- `numbers` every published number of a snapshot against the one that its inputs give
- `older` documents of older versions as ones of the present one
- `parts` the parts of a snapshot as values: `SeenEvidence`, `UsedLibrary`, and others
- `seen` a short digest of each row that a forecast could see
- `signposts` the signposts of a snapshot: read back, whole, and computed again
- `value` `Snapshot`: a forecast with all that it rests on, made and written as JSON
- `verify` does a snapshot say what it was made from? The checks, and every number computed again
"""
