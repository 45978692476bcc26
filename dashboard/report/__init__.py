"""The printed report: the same answers as one HTML page or PDF. Pure.

- `charts` the report's two charts
- `content` the one-page report as plain texts
- `pages` the report
- `pictures` the forecast's main charts as pictures
"""
