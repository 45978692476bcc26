"""One forecast as a file that others can check: written, read, and computed again."""
