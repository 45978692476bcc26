"""Words for what is asked of the forecast: pins, acts, the cards of signposts, and what an answer is worth.

- `given` what is taken as observed or made to happen: how likely it is, and what it moves
- `signposts` one signpost: its chance, its rule in words, what it would have counted before
- `value` what the answers are worth, by the model, and what history says of that
"""
