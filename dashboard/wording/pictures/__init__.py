"""Words that a picture takes along when it leaves the page: what it is of, how old, what was changed, from where.

- `card` title, sentence and source of one picture, and the name of its file
"""
