"""What is believed, and what follows: packages by noun, each importing only from those below it.

- `__main__` the command line's door
- `alerts` who wants to be told when a chance has moved, and telling them by webhook
- `alignment` M1, latent alignment, without PyMC: its priors, its likelihood in NumPy, and its predictive checks
- `answers` what a program is told: the same values on the command line, at the page's addresses and in a
  conversation
- `assumptions` what a reader may believe: the knobs, one validated setting of them, presets, and the models' shares
- `backtest` the past forecast again from what was visible then, and scored against simple rules
- `base_rate` M0, the base rate: how often states followed each other, and the simple rules that skill is measured
  against
- `benchmarks` how long things take on this machine, measured and never asserted
- `calibration` do the models find what was simulated from them? Ranks of known truths among posterior draws
- `change` what lies between two snapshots: which inputs differ, and how much of the difference each one explains
- `coding` how the ledger was coded: how far two codings of a row agree, and what each search found
- `commands` the command line, one module a command; the only room with argparse
- `engine_study` moved sliders held against refits: how far the re-weighted answer is off, by badge
- `errors` what can go wrong between assumptions and a snapshot
- `fits` what a stored fit is: its draws, the certificate of its checks, and the files that hold it
- `forecast` from weighted draws to the results table: four models' answers, their mixture, and what moves it
- `formats` other programs' files: forecasting hubs, NetCDF, folders of CSV
- `inverse` what it would take: the least change of belief that makes an outcome as likely as somebody says
- `leave_out` the forecast without a piece of the evidence, from stored draws
- `library` stored draws of all models, and how they answer priors that nobody fitted
- `mcp` the Model Context Protocol: the same answers in a conversation, read-only
- `measures` the evidence as numbers that the models read: readings of the ledger, drivers, and the laws of both
- `names` the words that appear on outputs
- `ordered` M2, ordered regression, without PyMC: its law, the transitions it reads, and how draws follow moved
  priors
- `outcome` the frozen rule that labels a year from the ledger, and the signposts
- `paths` what-ifs along a path: a driver held at a value from a year on, answered by simulating the futures again
- `published` the project's own forecasts: a record in the repository that only publishing adds to
- `record` the record, the store of saved forecasts: entries that are only ever added, each chained to the one
  before
- `refits` one refit on request: what is asked, the process that answers, and whether the answer fits the question
- `regimes` M3, hidden regimes, without PyMC: its law, the filter over the past, and forecasts from stored draws
- `rounding` how published numbers are rounded, so that every processor publishes the same (docs/decisions/0010)
- `sampling` the only room with PyMC: the three models as graphs, the sampler, and the fits that the library is
  built from
- `scores` how good forecasts were: scoring rules, their intervals, calibration curves and stacking weights
- `sensitivity` what would change the forecast: every piece of evidence left out, every prior and likelihood scaled
- `signpost_study` do the signposts' chances hold? Every rule asked again from past year-ends, and pins by brute force
- `signposts` signposts with chances: how often each rule's rows arrive, and what a simulated ledger says about them
- `snapshot` one forecast as a file that others can check: written, read, and computed again
- `storage` the border with the disk: files, zips, arrays, JSON and CSV, each read with a limit and written in one
  step
- `text` text that people type and read: what may not be seen in it, what may not be printed
- `track` the track record: saved forecasts resolved by the rule, doubted, scored, and history replayed
- `update` news in one run: rows staged, fits made apart, both put in force at once, told and published
- `verdicts` can the models be trusted? Archived studies, what the priors say alone, and the rules that answer by them
- `weighting` importance weights and their errors: what any weighted average of stored draws rests on
"""
