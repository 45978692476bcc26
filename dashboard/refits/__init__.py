"""Refits asked for from the page: the one worker of a server, and who looks after what a dead server left.

- `dispatcher` one server's worker process: started, handed the job that the queue says is next, and seen to its end
- `jobs` what the page may ask of refits: start, follow, cancel
- `lease` who still lives: a lock held as long as a process runs
"""
