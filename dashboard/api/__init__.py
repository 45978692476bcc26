"""What other programs ask of the page's server: numbers as JSON, feeds, cards to embed, previews of links.

- `addresses` addresses at which a program asks for what is on screen
- `alerts` a feed that tells when a chance has moved, and remembers in its own entries what it told
- `asking` a query read strictly: the parameters of a page's link, and nothing that would have to be guessed
- `atom` feeds as Atom, and their ids
- `calls` one question and its answer as bytes, whose name is their digest
- `cards` a forecast as a card: drawn, embedded, and as the picture of a shared link
- `desk` who works on a question: off the server's loop, few at a time, and errors in one form
- `feed` the feed of a record: saved, remarked, resolved, and the evidence brought up to date
- `numbers` forecast, signposts, evidence and snapshot under a setting
- `openapi` the description of all addresses, made of the knobs and days there are
- `problems` what is wrong with a question, in the form that programs know
- `routes` every address, and who answers it
- `saved` the record: entries, resolutions, snapshots, scores
- `schemas` what answers look like, as JSON Schema
"""
