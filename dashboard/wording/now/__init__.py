"""Words for the present: the nearest year-end, and the news that changes what is said of it.

- `nowcast` the nearest year-end: its chances now, what is booked of it, how much of its year is seen
- `update` news put into the evidence from the page: what is looked at, run and told
"""
