"""What every page stands in: errors caught once, live answers, charts with their sentence, safe tables.

- `grid` tables on the pages
- `page` the frame of every page
- `plain_markdown` text from outside in the midst of Markdown, so that nothing in it acts
- `selectors` widgets that choose what to look at and change no number
"""
