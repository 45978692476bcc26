"""The parts of the Forecast page: trust, what supports the answer, exchange of files, downloads.

- `downloads` download buttons for a saved or a present forecast
- `exchange` numbers out and settings in
- `support` does the record support a setting, and what would one have to believe for another answer
- `trust` how far the shown numbers can be trusted, in words, and the refit that mends them when that is not far
  enough
"""
