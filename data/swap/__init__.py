"""Several files replaced as one: all of them or none, whenever a program is stopped.

- `journal` the one file whose appearance makes new contents count, and what completes a replacement that was stopped
- `lock` one writer a folder
"""
