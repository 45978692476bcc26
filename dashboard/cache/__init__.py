"""What is read once a server and what is answered by digest.

- `asked` signposts before the library in use: the board, made once a server, and answers by setting, pins and acts
- `books` what the ledger has decided already of the next year-end
- `checks` what the Checks page computes once: other rules and ledgers, predictive checks, archived studies
- `coding` both readings of every row, second pages, agreement and the searches
- `forecasts` evidence, library, forecasts and all that follows from them, archived studies: each with its largest size
- `held` what-ifs along a path: what their answers share, and the answers by setting
- `page_record` the record as a page holds it: nothing past the gate, nor where there is no room left
- `page_refits` the refits as a page holds them: none asked for or stopped past the gate
- `reasons` what the essay's reasons do: how far a claim can move a forecast, how well the evidence agrees
- `reference` which evidence a session looks at, as of which day, and which day it is today
- `replies` answers to programs, kept by everything they depend on
- `shelves` the two records that a reader can look into: this server's own, and the project's
- `store` the open record, its listing, its snapshots, and how long a server that is down is left alone
"""
