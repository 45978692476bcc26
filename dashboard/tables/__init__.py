"""Tables as a reader wants them: plain words in the columns. Pure.

- `asked` signposts with chance, pull and value; states without and with what is supposed; settled questions
- `checks` a row a check of a fit, a stored fit, a model's priors asked alone, a change of the outcome rule
- `evidence` every row of the ledger, the essay's claims, every labelled year-end
- `forecast` every chance in words, what moved between two snapshots, each knob before and after the evidence
- `paths` a driver held: every chance without and with, in both columns, and what can be held
- `signpost_study` the archived backtest of the signposts' chances
- `signposts_track` saved chances of signposts beside each rule's own past, and what the answers taught
- `studies` the archived studies: calibration, hindcasts, pieces left out, the engine against refits
- `track` the Track record page: mean scores beside the base rate's, and the questions
"""
