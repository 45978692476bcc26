"""The pages, one module each: what is on them and in which order.

- `ask` signposts with their chances, what if, and which answer would teach most
- `assumptions` every knob with its reason, what the evidence says about it, and what it can do
- `checks` four questions of a reader who doubts, each a card and a section
- `evidence` ledger, indicators and signposts, every number to its source
- `forecast` the answer, how sure it is, what it rests on, and the panels that save, export and import
- `method` the account in plain language, the essay's claims, what the words mean
- `record` saved forecasts: one entry or the list, two compared, one imported
- `track_record` how saved forecasts turned out, live ones and hindcasts apart
"""
