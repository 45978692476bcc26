"""What was observed, and where it came from.

- `claim` `Claim`: one claim of the essay, its odds ratio and how sure its sign is
- `csv` one CSV file, row by row: typed cells, every fault with its file, row and column, and read once a program
- `days` which day it is, where a day could be refused because it has not come yet; days a horizon or months later
- `digest` SHA-256 of canonical JSON and of bytes
- `editions` how far the ledger was searched, edition by edition: the newest says which day forecasts count from
- `errors` the base of all errors of the project, and those of the evidence
- `event` one dated event of the ledger, and the page where it was read
- `evidence` `Evidence`: everything up to one date that could be known on that or a later one, with its digest
- `evidence_document` evidence written as a document and read back
- `indicator` one numeric series, observation by observation, with its unit, its source and its breaks
- `load` `load_evidence`: the one loader of ledger, claims and indicators
- `package` the data as a data package (datapackage.json)
- `provenance` `evidence check`: every number traced to a file with a receipt
- `publication` from which day a value could be known: publication lags by file, each with its argument
- `readings` both codings of every row, and which search found it
- `receipts` who fetched which file from where, and its SHA-256
- `second_sources` independent second pages of the rows that matter most
- `series` indicators from their files
- `swap` several files replaced as one: all of them or none, whenever a program is stopped
- `types` the types of the evidence in one place, for the packages that build on them
- `unused` what the files hold and no forecast reads, row by row with the reason
- `update` newly found rows: what they would change, told before anything does, and put in as one
- `values` `frozen`, `settle`: what makes a class a value, fixed once it is made
- `vocabulary` the closed lists of the codebook
"""
