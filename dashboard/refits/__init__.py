"""Refits asked for from the page: the one worker of a server, and who looks after what a dead server left.

- `dispatcher` one server's refit worker, and the thread that gives it jobs, one at a time, and sees to it that they end
- `jobs` refits for the page
- `lease` who still lives
"""
