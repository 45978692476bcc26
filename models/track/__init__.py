"""The track record: saved forecasts resolved by the rule, doubted, scored, and history replayed.

- `doubt` would rows that the ledger leaves out change an answer? Then it is disputed, and these are the rows
- `marks` live or hindcast
- `replay` history replayed into the record
- `replay_fits` fits for replayed forecasts
- `resolution` what became of the questions that saved forecasts asked
- `scored_table` every forecast in the record against what happened
- `track_record` how good saved forecasts were
"""
