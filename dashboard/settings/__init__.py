"""One session's settings: the account of what is in force, its widgets, its link and its history.

- `account` what is in force in a session, and what every widget was last seen to say
- `aim` one card of the Assumptions page aimed at from elsewhere
- `beside` the presets beside each other, computed when opened
- `conditions` pins and acts: what is taken as observed or made to happen, and what of it can be asked
- `controls` every slider, number, preset and reason, drawn from the account and reported to it
- `history` undo and redo
- `idle` what is said below the slider of a claim that moves nothing, and offered instead
- `ledger` what the Evidence page is asked to show from elsewhere
- `link` the address of a page read as settings, and written
- `looks` which year-end, which reference date and which group of knobs a reader looks at
- `marks` the starting view and the meaning of its ends on every slider, as a style sheet
- `reasons` two strengths of the essay's reasons: the evidence alone, and the essay's reading
- `session` what a browser session remembers beside its settings
- `sidebar` the sidebar as a whole
"""
