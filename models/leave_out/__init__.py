"""The forecast without a piece of the evidence, from stored draws.

- `cases` `Basis` and `Case`: the evidence as the models read it, and each piece that can be left out
- `weighed` a piece left out without a refit, by weights for the draws
"""
