"""One CSV file, row by row: typed cells, every fault with its file, row and column, and read once a program.

- `cells` a CSV file as cells, read strictly and without believing anything
- `hints` what probably happened to a file that cannot be read
- `numbers` numbers as people and programs write them, read strictly
- `rows` typed rows: `Row`, `collect`, and every fault with its file, row and column
- `unchanged` files read once a program, until one of them changes
"""
