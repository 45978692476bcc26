"""How it is shown: the page, which answers a move with one thread of BLAS, chosen here before NumPy is loaded.

The products of a forecast are small. With both cores of a machine busy a forecast took 0.07 s with one thread and 0.4 s
with two, which wait for each other.

- `__main__` starts the page: `python -m dashboard`
- `api` what other programs ask of the page's server: numbers as JSON, feeds, cards to embed
- `app` the server when imported, the page when run for a visitor
- `app_pages` the pages, one module each: what is on them and in which order
- `ask` the parts of the Ask page: what is supposed and what follows, the list of signposts, a card each
- `benchmarks` what the page adds to the engine's time, measured in a real Chromium too
- `cache` what is read once a server and what is answered by digest
- `checks` the parts of the Checks page
- `figures` every chart, by subject: tables in, Vega-Lite specifications out
- `inverse` what it would take: asked on a page, searched for beside it, applied by one click
- `forecast` the parts of the Forecast page: trust, support, exchange of files, downloads
- `frame` what every page stands in: errors caught once, live answers, charts with their sentence, safe tables
- `record` the parts of the Record page: saved forecasts listed, opened, compared, saved and imported
- `refits` refits asked for from the page: a queue on this machine's disk, and the one worker that empties it
- `report` the printed report: the same answers as one HTML page or PDF
- `roles` who may do what: three roles, who has them, and the one gate
- `server` between the network and the page: who is answered, and what uploads may cost
- `settings` one session's settings: the account of what is in force, its widgets, its link and its history
- `tables` tables as a reader wants them: plain words in the columns
- `track` the parts of the Track record page
- `update` news put into the evidence from the page, and the process that does it
- `welcome` a first visit: questions that set the page, and the tour
- `wording` every word and number on the page, by subject
- `year` why a past year is what it is: asked on a chart or in a list, answered by its acts and the rule's sum
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
