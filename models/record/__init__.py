"""The record, the store of saved forecasts: entries that are only ever added, each chained to the one before.

- `answering` who may write or settle a resolution
- `bodies` from typed values to the rows of the chain and back
- `chain` one new entry at the end of the chain, inside the writer's transaction
- `clocks` times of saving that contradict each other, and what is believed instead
- `contents` documents and inputs by the digest of what they hold
- `database` where the record lies (SQLite or PostgreSQL), opened and brought up to date
- `drawn` the charts of a saved forecast, drawn again from what was stored with it
- `entries` `SavedForecast`, `Remark`, `Draft` and other entries as values
- `entry_checks` lengths, letters and digests that an entry may have
- `faults` what a database says when something is wrong, in words
- `file` a whole record as one file
- `guards` the triggers that refuse changes, and putting them back
- `kept` heads of a record that were kept elsewhere: what tells that its end was lost
- `listing` saved forecasts searched, filtered and listed
- `migrations` how the database came to its present tables, for Alembic
- `resolutions` `Resolution`: how a question ended, as an entry
- `rows` the rows of an open record as they lie in the database
- `store` `Record`: open, save, remark, resolve, verify
- `tables` the two tables as SQLAlchemy sees them, and the revisions that this program knows
- `transfer` the whole record out into one file and in from one
- `verification` every entry and content read again; what was altered is named by its place
"""
