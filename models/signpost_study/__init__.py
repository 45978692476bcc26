"""Do the signposts' chances hold? Every rule asked again from past year-ends, and pins held against brute force.

- `brute` pins and values against simulated ledgers whose answers are drawn and filtered
- `chances` chances by themselves, without simulated ledgers, and without a part of what makes them
- `controls` what must change nothing, or nothing but the exposure
- `counts` the number of yes among an origin's questions, and whether its range held
- `questions` every rule of the list asked again, and what the ledger answered
- `ranking` what history says of the ranking by expected value
- `scores` scores against each rule's own past, with intervals
- `searches` every search of the ledger left out in turn
- `study` all tables
- `yardsticks` each rule's own frequencies
"""
