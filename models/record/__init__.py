"""The record, the store of saved forecasts: entries that are only ever added, each chained to the one before.

- `answering` who may answer a question
- `beside` the default forecast that a saved one is scored beside
- `bodies` from typed values to the rows of the chain and back
- `chain` one new entry at the end of the chain, inside the writer's transaction
- `clocks` times of saving that contradict each other
- `contents` documents and inputs by the digest of what they hold
- `database` where the record lies
- `drawn` the charts of a saved forecast, drawn again from what was stored with it
- `entries` what the record holds, as values
- `entry_checks` what an entry of the record may say
- `faults` what a database says when something is wrong, told in words
- `file` a whole record as one file
- `guards` the guards of a record's tables
- `listing` saved forecasts as people look for them
- `migrations` how the database came to its present tables, for Alembic
- `resolutions` how a question ended, as the record holds it
- `rows` the rows of an open record as they lie in the database
- `store` the record of saved forecasts
- `tables` the two tables of the record, as SQLAlchemy sees them, and the revisions of the database that this
  program knows
- `transfer` the whole record out into one file and in from one
- `verification` is the record as it was saved? Every entry and content is read again, and what differs is named by
  its place
"""
