"""Words for what is asked of the forecast: pins, acts, signposts, the worth of answers, and what-ifs along a path.

- `given` what is taken as observed or made to happen: how likely it is, and what it moves
- `paths` a driver held at a value from a year on: what is held, what the answer is, and what it rests on
- `signposts` one signpost: its chance, its rule in words, what it would have counted before
- `value` what the answers are worth, by the model, and what history says of that
"""
