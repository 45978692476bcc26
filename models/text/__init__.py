"""Text that people type and read: what may not be seen in it, what may not be printed.

- `masking` passwords kept out of whatever is printed
- `output` standard output whatever its encoding
- `visible` text that people type
"""
