"""News in one run: new rows staged, every fit made again beside the old ones, swapped in at once, told and published.

- `building` the fits of the staged evidence, each step skipped where it is on disk already
- `day` the models fitted as of any day of the ledger, beside the fits of its editions
- `explaining` what the news did to the forecast: split, and the rows that moved it most
- `project` `Project`: the folders that an update reads and changes
- `publishing` the forecast into the project's record, and answers to questions that have come due
- `running` the whole run, and the rehearsal that changes nothing
- `staging` the evidence as it will be, apart from the project
- `swapping` new fits and new rows put in force, fits that nothing needs any more put away
"""
