"""One CSV file, row by row: typed cells, every fault with its file, row and column, and read once a program.

- `cells` A CSV file as cells, read strictly and without believing anything
- `hints` what probably happened to a file that cannot be read
- `numbers` numbers as people and programs write them, read strictly
- `rows` reading a CSV file strictly
- `unchanged` what was read from a folder counts until a file in it changes
"""
