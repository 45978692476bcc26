"""The forecast without a piece of the evidence, from stored draws.

- `cases` leave one piece of the evidence out
- `weighed` leave a piece of the evidence out without a refit
"""
