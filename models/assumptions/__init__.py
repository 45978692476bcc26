"""What a reader may believe: the knobs, one validated setting of them, presets, and the models' shares.

- `knobs` the knobs
- `presets` named settings of all knobs at once
- `setting` what a person believes before seeing the evidence
- `shares` which models the published mixture listens to, and how much
- `shift` claims measured in prior standard deviations
"""
