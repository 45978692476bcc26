"""What was observed, and where it came from.

- `claim` one claim of the essay about what moves the relationship
- `csv` one CSV file, row by row: typed cells, every fault with its file, row and column, and read once a program
- `days` which day it is, where a day could be refused because it has not come yet
- `digest` digests
- `errors` errors of the whole project
- `event` one dated event of the ledger, and the page where it was read
- `evidence` everything that could be known on one date
- `evidence_document` evidence back from its own document (`Evidence
- `indicator` one numeric series, observation by observation, with its unit, its source and its breaks
- `load` the one loader
- `package` the evidence as a data package
- `provenance` provenance
- `receipts` receipts
- `series` indicators from their files
- `types` the types of the evidence in one place, for the packages that build on them
- `unused` what the files hold and no forecast reads, row by row with the reason
- `vocabulary` the closed lists of the codebook
"""
