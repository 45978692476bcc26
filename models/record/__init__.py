"""The record, the store of saved forecasts: entries that are only ever added, each chained to the one before."""
