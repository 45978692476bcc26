"""The evidence as numbers that the models read: readings of the ledger, drivers, and the laws of both.

- `driver_table` drivers as values: how one is measured, its scale, and all of them by year
- `drivers` one yearly driver for each claim, computed from an indicator or the ledger; `driver_scaling.csv` holds
  their frozen means and sds
- `futures` simulated years labelled by the rule, the chance of a break act in closed form
- `law` the laws that M1 and M3 share: in which band a reading lies, and whether a year holds a break act
- `ledgers` whole simulated ledgers, and the years' means that follow from them
- `readings` the ledger counted by year, domain and band, and the years with a break act
- `simulate` continue a latent path into the future, write the ledgers it would leave, and label them with the
  outcome rule
- `simulated` what a library keeps of the futures that its draws simulated: whole ledgers, and where each draw stands
- `year_so_far` the year that has begun: rows known, rows expected, and how the rest of it may come out
- `structure` the constants that no knob moves, of the measurement and of M1, each structure with its digest
"""
