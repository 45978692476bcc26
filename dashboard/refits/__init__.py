"""Refits asked for from the page: a queue on this machine's disk, and the one worker that empties it.

- `dispatcher` one server's refit worker, and the thread that gives it jobs, one at a time, and records how they end
- `files` refit jobs as files
- `job` one refit as its record says, each field checked
- `jobs` refits for the page
- `lease` who still lives
"""
