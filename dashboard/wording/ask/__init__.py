"""Words for questions that people bring: what if this were so.

- `paths` a driver held at a value from a year on: what is held, what the answer is, and what it rests on
"""
