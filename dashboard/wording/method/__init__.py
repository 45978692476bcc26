"""Words for the Method page.

- `sections` its text in sections: a title that can be linked to, the answer in brief, and the rest behind a click
"""
