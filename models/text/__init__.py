"""Text that people type and read: what may not be seen in it, what may not be printed.

- `masking` passwords kept out of whatever is printed
- `output` printing of any letters and of files, whatever the encoding of standard output
- `visible` text that people type: every letter of it must be seen
"""
