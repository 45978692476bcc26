"""Newly found rows: what they would change, told before anything does, and put in as one.

- `apply` put a planned update in, or a copy of the evidence with it elsewhere
- `differences` new rows beside those that are held: the same again, of the same matter, or another content for an id
- `found` the rows that somebody found, read like the ledger's, and every reason to refuse them
- `parts` `Update` and the values that it tells
- `plan` `plan_update`: from a file of rows and a day to all that would change
- `staged` the evidence as it would be, in a folder of its own: what goes into the files, and that all of it loads
- `words` the preview in sentences
"""
