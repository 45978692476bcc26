"""Text from outside in the midst of Markdown, so that nothing in it acts: no link, icon, heading or colour. Pure.

A backslash keeps a sign from acting while the text is parsed. Some things Streamlit's page looks for only afterwards,
in the text that came out: addresses, mail addresses, icons, emoji codes and arrows. A word that holds one is set as
code, in which nothing is looked for, and which shows it letter by letter.
"""

import re
from urllib.parse import quote

from models.text.visible import isolated

_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]()<>#+-.!|~$:=&@^"})
_ACTIVE = re.compile(
    r"""(?ix)
    https?:// | www\.                                  # links of GitHub's Markdown
    | [-.\w+]@[-\w]+\.                                 # mail addresses
    | :material[_/] | :streamlit:                      # Streamlit's icons
    | :(?:100|1234|[+-]1|(?=[\w+-]*[^\W\d])[\w+-]+):  # emoji codes
    | ^(?:<->|->|<-|--|>=|<=|~=)$                      # what Streamlit makes arrows, dashes and signs of
    """
)
_ICON = ":material/"
"""Streamlit replaces this in the source before it parses it, in code too."""
_INDENT = re.compile(r"(^|\n)[ \t]+")
_ADDRESS_SIGNS = "/:?#@!$&'*+,;=%~-._"


def plain(text: str) -> str:
    """Text from outside (a link, an upload, an error, a name) for a place that reads Markdown; “%” keeps its line.

    Not for a widget's label: some hand the label's source to screen readers. No text from outside belongs into one.
    """
    lines = _INDENT.sub(r"\1", isolated(text)).replace(" %", "\N{NO-BREAK SPACE}%")
    return "".join(_word(word) for word in re.split(r"([ \t\n]+)", lines))


def link(text: str, address: str) -> str:
    """A link whose text and address come from outside."""
    return f"[{plain(text)}]({quote(address, safe=_ADDRESS_SIGNS)})"


def _word(word: str) -> str:
    if not _ACTIVE.search(word):
        return word.translate(_SIGNS)
    before, icon, after = word.partition(_ICON)
    if icon:
        return _word(before) + "\\:" + _word_as_code(_ICON[1:] + after)
    return _word_as_code(word)


def _word_as_code(word: str) -> str:
    before, icon, after = word.partition(_ICON)
    longest = max(map(len, re.findall("`+", before)), default=0)
    fence, edge = "`" * (longest + 1), " " if before[:1] == "`" or before[-1:] == "`" else ""
    code = f"{fence}{edge}{before}{edge}{fence}"
    return f"{code}\\:{_word_as_code(_ICON[1:] + after)}" if icon else code
