"""The project's own forecasts: a record in the repository, which anybody can verify and only publishing adds to.

- `changelog` the line that each of them has in docs/changelog.md, with the digest that cannot be taken back
- `owners` whose a saved forecast is, where both records are shown beside each other
- `place` `ProjectRecord`: where they lie, read whole and added to in one step
- `publishing` one more live forecast, and how questions of theirs ended
"""
