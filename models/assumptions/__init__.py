"""What a reader may believe: the knobs, one validated setting of them, presets, and the models' shares.

- `behind` what stands behind a claim: rows of the ledger and series, and back
- `knobs` `Knob`, and how all knobs are made: the claims' from claims.csv, the global ones (bounds, step, default,
  reason) from `global_knobs.csv`
- `presets` named settings of all knobs at once, from `presets.csv`
- `reasons` two strengths of the essay's reasons: the evidence alone, and the essay's reading
- `setting` `Assumptions`: one validated value for every knob, with the reasons for those that were moved
- `shares` how much of the published mixture each model gets
"""
