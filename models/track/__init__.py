"""The track record: saved forecasts resolved by the rule, doubted, scored, and history replayed."""
