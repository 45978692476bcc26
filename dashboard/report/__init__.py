"""The printed report and the exported pictures: the same answers without a browser. Pure.

- `charts` the report's charts, for paper and for a page that is light or dark
- `content` every sentence of the one-page report, and what is cut when a page has no room
- `drawing` printed colours, a carried font, and words where screen readers look
- `pages` `report.pdf` and `report.html`, laid out until the PDF has one page
- `pictures` the PNG and SVG of a snapshot
- `slides` one chart as a file that stands by itself: PNG, SVG, CSV
"""
