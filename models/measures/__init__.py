"""The evidence as numbers that the models read: readings of the ledger, drivers, and the laws of both.

- `drivers` one yearly driver for each claim that an indicator or the ledger can measure
- `law` the laws that M1 and M3 share: in which band a reading lies, and whether a year holds a break act
- `readings` the ledger as the latent-alignment model reads it
- `simulate` continue a latent path into the future, write the ledgers it would leave, and label them with the
  outcome rule
- `structure` the frozen constants that no knob moves: how the evidence is measured, and what is M1's own
"""
