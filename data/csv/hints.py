"""What probably happened to a file that cannot be read: the habits of spreadsheets and editors, named in messages."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Mapping, Sequence

SEPARATORS: Mapping[str, str] = {";": "semicolons", "\t": "tabs", "|": "bars"}
CLUTTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
EMPTY_ROW = "got a row without content, as spreadsheets leave them; delete the row"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MINUS_SIGNS = frozenset("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d")
_LINE_ENDS = frozenset("\n\t\r")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_DIGITS = frozenset("0123456789")


def separator_hint(header: Sequence[str]) -> str:
    """How to mend a header that is one single cell because another sign stands between the names; else nothing."""
    cell = header[0]
    if cell.lower().startswith("sep="):
        return "the first line is a note to Excel about the separator; delete it and put commas between the cells"
    if len(header) > 1:
        return ""
    for sign, name in SEPARATORS.items():
        if sign in cell:
            return f"the cells seem to be separated by {name}; save the table as comma-separated CSV in UTF-8"
    return ""


def number_hint(text: str) -> str:
    """How to mend a text that was meant to be a plain number; nothing where that cannot be told."""
    if _MINUS_SIGNS & set(text):
        return "its minus is a typographic sign; write the hyphen -"
    digits = {letter for letter in text if letter.isdigit()}
    if digits - _DIGITS:
        return "write the digits 0 to 9"
    if text.startswith("#"):
        return "a spreadsheet wrote its error; correct the formula there"
    if text.strip().endswith("%"):
        return "write a share such as 0.12, without the per cent sign"
    if digits and any(letter.isspace() for letter in text.strip()):
        return "take the space out of it"
    if digits and "," in text:
        return "write a decimal point, and nothing between thousands"
    return ""


def encoding_hint(content: bytes) -> str:
    """How to mend bytes that are no UTF-8."""
    if content.startswith(_UTF_16):
        return "the file is UTF-16; save it as UTF-8 (in Excel: CSV UTF-8)"
    return "save the file as UTF-8"


def is_empty_row(cells: Sequence[str]) -> bool:
    """Tell whether a row holds separators and nothing else."""
    return not any(cell.strip() for cell in cells)


def invisible_letter(text: str) -> str:
    """Code and name of the first letter that cannot be seen, or that changes how others are shown; else nothing.

    Line ends and tabs inside a cell are kept: they can be seen, and spreadsheets write them.
    """
    if text.isascii() and text.isprintable():
        return ""
    for letter in text:
        if letter not in _LINE_ENDS and unicodedata.category(letter) in _INVISIBLE:
            return f"U+{ord(letter):04X} ({unicodedata.name(letter, 'a control character')})"
    return ""


def is_clutter(path: str) -> bool:
    """Tell whether a file is one that a file manager left beside others, unasked."""
    *folders, name = path.split("/")
    return "__MACOSX" in folders or name.startswith("._") or name in CLUTTER


def hinted(detail: str, hint: str) -> str:
    """A complaint with its hint, if there is one."""
    return f"{detail}: {hint}" if hint else detail
