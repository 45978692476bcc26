"""The archived studies as the page reads them. Pure.

- `archive` the archived studies
- `facts` what the answers at the top of the Checks page rest on, taken from the archived tables
"""
