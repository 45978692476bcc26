"""What the page adds to the engine's time, measured in a real Chromium too.

- `browser` how long a reader waits after a move of a slider, in Chromium
- `load` how long readers wait while others use the page too, and what memory that takes
- `page` sentences, charts and pictures of one forecast, for `python -m models benchmark`
- `programs` how long a program waits that asks for a setting that was asked before
- `record` how long a reader of a record with a thousand forecasts waits
- `served` the page's own server, for as long as something is measured, and what it costs
- `visitor` a visitor without a browser, who speaks the page's own protocol
"""
