"""What it would take: the inverse question asked on a page, searched for beside it, and applied by one click.

- `panel` the question, how far the search has come, and its answer with what applies it
- `searches` a search in a thread of its own: one a session, two a server
"""
