"""M0, the base rate: how often states followed each other, and the simple rules that skill is measured against.

- `chain` M0, the outside view
- `outside_view` M0 asked of a ledger
- `references` what any forecast has to beat
"""
