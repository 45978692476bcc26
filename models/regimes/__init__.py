"""M3, hidden regimes, without PyMC: its law, the filter over the past, and forecasts from stored draws."""
