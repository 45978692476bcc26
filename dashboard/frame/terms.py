"""Terms of the glossary linked where they stand: a sentence's words lead to what they mean. Pure."""

import re

from dashboard.frame.plain_markdown import plain
from dashboard.wording.glossary import define
from dashboard.wording.method.sections import anchor

PAGE = "method"


def linked(text: str, *terms: str) -> str:
    """Text for a place that reads Markdown, as `plain` makes it, with the first occurrence of each term linked.

    The link leads to the term on the Method page and carries its meaning as a title, which a pointer shows and a screen
    reader says. A term that does not occur is left alone.

    Parameters
    ----------
    *terms : str
        Keys of the glossary.
    """
    found = [(_first(text, term), term) for term in terms]
    spans = sorted((match.span(), term) for match, term in found if match)
    told, at = [], 0
    for (start, end), term in spans:
        if start < at:
            continue
        told += [_kept(text[at:start]), _link(text[start:end], term)]
        at = end
    return "".join([*told, _kept(text[at:])])


def _first(text: str, term: str) -> re.Match[str] | None:
    define(term)
    return re.search(rf"(?i)\b{re.escape(term)}(?:s|ed)?\b", text)


def _link(words: str, term: str) -> str:
    return f'[{plain(words)}]({PAGE}#{anchor(term)} "{define(term)}")'


def _kept(text: str) -> str:
    """`plain` takes away what could indent a line; between words a space must stay."""
    space = " " if text[:1] == " " else ""
    return space + plain(text)
