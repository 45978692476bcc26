"""The evidence as numbers that the models read: readings of the ledger, drivers, and the laws of both."""
