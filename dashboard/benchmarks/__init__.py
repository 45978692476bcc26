"""What the page adds to the engine's time, measured in a real Chromium too.

- `browser` how long a reader waits
- `page` what the page adds to the engine's time, for `python -m models benchmark`
- `record` how long a reader of the record waits
"""
