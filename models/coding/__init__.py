"""How the ledger was coded: how far two codings of the same row agree, and what each search for rows found.

- `agreement` Krippendorff's alpha by column, domain and search, with intervals, and the largest disagreements
- `searches` what the second search added to the first, by sign, and what that cannot say about late friction
"""
