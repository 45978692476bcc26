"""How far the ledger was searched, edition by edition (editions.csv): the newest says which day forecasts count from.

- `edition` `Edition`, and those of a folder
"""
