"""One refit on request: what is asked, its row in the queue, the process that answers, and whether the answer fits.

- `check` do two answers to one question agree within their errors, and if not, which one does a third run support?
- `question` what a refit is asked: its name, what re-weighting says, and how far a refit is from it
- `queue` refits as rows of one SQLite table
- `request` one refit that is asked for
- `worker` the refit worker
"""
