"""The evidence as numbers that the models read: readings of the ledger, drivers, and the laws of both.

- `drivers` one yearly driver for each claim that an indicator or the ledger can measure
- `readings` the ledger as the latent-alignment model reads it
- `simulate` continue a latent path into the future, write the ledgers it would leave, and label them with the
  outcome rule
- `structure` the frozen constants of the latent-alignment model that no knob moves
"""
