"""Signposts with chances: how often each rule's rows arrive, and what a simulated ledger says about them.

- `acts` an act made to happen: what its row changes in simulated ledgers, and nothing else
- `ask` the questions: a chance for every signpost, states under pins, and acts made to happen
- `board` everything that is asked of one library, made once: its simulated ledgers before all open signposts
- `composition` which simulated readings a rule could count
- `constants` the frozen constants
- `futures` simulated ledgers of one model: each signpost's chance in every one of them, and its states
- `lesson` what the answer to a signpost taught, once it is known
- `pinned` one model's ledgers under pins
- `pins` what is taken as observed, read and checked
- `published` chances and answers as they are printed, stored and scored: rounded once
- `ranges` how sure a chance is, and how many answers will be yes
- `rates` rows recorded in each year, and the law of each rule's rate
- `table` one table for the page, the command line and files
- `value` how much the answer to a signpost would teach about the states
- `windows` the years that are left to a question, and how many rows they will bring
- `yardsticks` what chances are held against: each rule's own past
"""
