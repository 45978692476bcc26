"""Tables as a reader wants them: plain words in the columns. Pure.

- `checks` tables of the archived studies, as a reader wants them
- `page` tables of the pages, as a reader wants them
- `track` tables of the Track record page, as a reader wants them
"""
