"""What is read once a server and what is answered by digest.

- `forecasts` every cache of the page, in one place
- `record` the caches of the record
"""
