"""Words for saved forecasts beside each other: the project's and the reader's own.

- `course` how a chance has moved with each saved forecast
- `forms` what a form that adds to the record still needs, and whom a link reaches
- `heads` a head that was noted elsewhere, and whether the record still holds it
- `published` the project's own forecasts: whose, where they lie, that they are whole
- `questions` what was asked: answers, what they wait for, who settles them
- `replays` history replayed into a record: asked first, told after
- `signposts` how good saved chances of signposts were, and what the answers taught
- `since` what has changed since the last of them
"""
