"""The Method page's text in sections: a title that can be linked to, the answer in brief, and the rest. Pure."""

import re

from data.values import frozen


@frozen
class Section:
    """One section of the text.

    Attributes
    ----------
    title : str
    brief : str
        Its first block, which answers the title.
    rest : str
        Everything after it; empty where the first block is all.
    """

    title: str
    brief: str
    rest: str


def folded(text: str) -> tuple[Section, ...]:
    """The sections of a Markdown text, in its order: each starts with a title of the second level."""
    sections = []
    for part in re.split(r"(?m)^## ", text)[1:]:
        title, _, body = part.partition("\n")
        brief, _, rest = body.strip().partition("\n\n")
        sections.append(Section(title=title.strip(), brief=brief, rest=rest.strip()))
    return tuple(sections)


def anchor(title: str) -> str:
    """The end of an address that leads to a title: “four-questions-not-one”."""
    return re.sub(r"[^a-z0-9]+", "-", title.replace("'", "").lower()).strip("-")
