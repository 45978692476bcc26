"""The track record: saved forecasts resolved by the rule, doubted, scored, and history replayed.

- `asked` which questions saved forecasts asked, each under its own outcome rule, and their answers
- `beside` the default forecast that a saved one is scored beside
- `drafts` what the ledger answers to a question whose day has come, ready to be written
- `course` how the chance of one state at one year-end has moved with each saved forecast
- `doubt` would rows that the ledger leaves out change an answer? Then it is disputed, and these are the rows
- `learned` what settled signposts taught: the worth that was expected of their answers against what came of them
- `marks` live or hindcast: was a forecast saved before the day it is about?
- `replay` history replayed into the record, from the archive
- `replay_fits` the fits that the archive of replayed forecasts was made with
- `resolution` what became of the questions: open, due, resolved, disputed
- `scored_table` every saved forecast against what happened, a row a question
- `signpost_table` saved chances of signposts against the answers, beside each rule's own past
- `track_record` how good saved forecasts were, in means with intervals
- `year_table` saved forecasts of the years' own means against what the ledger answered
"""
