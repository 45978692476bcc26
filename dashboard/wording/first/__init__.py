"""Words of the first screen: what a reader in a hurry takes away.

- `change` what a chance was before a move and is now, and which assumptions were moved
- `trust` how far numbers can be trusted, and what the record says of a setting: a badge each
- `welcome` the questions that set the page, and the five steps of the tour
"""
