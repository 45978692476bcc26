"""One refit on request: what is asked, its row in the queue, the process that answers, and whether the answer fits.

- `check` do two answers to one question agree within their errors, and if not, which one does a third run support?
- `question` what a refit is asked: its name, what re-weighting says, and how far a refit is from it
- `queue` refits as rows of one SQLite table: who waits, who comes next (priority, fairness between visitors, the
  newest), who is stopped
- `request` one refit as its worker is given it
- `worker` the process that runs refits: samples, checks, stores, tells how far it is
"""
