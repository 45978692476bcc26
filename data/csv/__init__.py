"""One CSV file, row by row: typed cells, every fault with its file, row and column, and read once a program."""
