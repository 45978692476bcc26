"""M0, the base rate: how often states followed each other, and the simple rules that skill is measured against.

- `booked` what the rows of a year that has begun say to M0 and M2, which know labels alone
- `chain` M0: its prior, its posterior and its forecast in closed form, and its checks
- `outside_view` M0 asked of a ledger, the one place for it
- `references` climatology, persistence, hard and softened, and their twins for a year's mean
- `rival` a moving average that knows the books
"""
