"""Text that people type: every letter of it can be seen, so that two names that look alike are alike.

Some invisible letters have a use, and are let through where they have it: the joiner and the non-joiner between letters
of scripts that are written joined (Persian, Devanagari and their kin), the joiner and variation selectors in emoji,
ideographs and Mongolian. What older entries hold is read as it is and shown with its invisible letters spelled out.
"""

import re
import unicodedata
from collections.abc import Iterator

from models.errors import StorageError

NON_JOINER, JOINER = "\u200c", "\u200d"
KEYCAP = "\u20e3"
JOINED_SCRIPTS = (
    "ARABIC",
    "BENGALI",
    "DEVANAGARI",
    "GUJARATI",
    "GURMUKHI",
    "KANNADA",
    "KHMER",
    "MALAYALAM",
    "MONGOLIAN",
    "MYANMAR",
    "NKO",
    "ORIYA",
    "SINHALA",
    "SYRIAC",
    "TAMIL",
    "TELUGU",
)
"""First word of the Unicode names of their letters."""
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_MONGOLIAN = frozenset("\u180b\u180c\u180d\u180f")
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U00013441\U00013442\U00016fe4\U0001d159")
"""Letters and signs by their category, and nothing to be seen: fillers and blanks."""
_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Of the category of invisible formats, and yet drawn: Arabic, Syriac and Kaithi number signs."""
_RARE = _BLANK | _SELECTORS | _MONGOLIAN
"""What Python calls printable, and yet may be invisible."""
_LINES = frozenset("\n\t")
_LEFTWARDS = frozenset(("R", "AL"))
ISOLATE, END = "\u2068", "\u2069"
_ISOLATED = re.compile(f"{ISOLATE}([^{ISOLATE}{END}]*){END}")


def require_visible(text: str, what: str, *, needed: bool = True, multiline: bool = False) -> None:
    """Refuse a text that shows nothing, or that holds a letter which cannot be seen.

    Parameters
    ----------
    needed : bool
        At least one letter, number or symbol must be seen.
    multiline : bool
        Allow line feeds and tabs.

    Raises
    ------
    StorageError
    """
    if text.strip():
        for place, letter in _invisible(text, multiline):
            name = unicodedata.name(letter, "a control character")
            raise StorageError(
                f"{what} holds the invisible character U+{ord(letter):04X} ({name}) as letter {place + 1}; remove it"
            )
    if needed and not any(map(_says_something, text)):
        raise StorageError(f"{what}: got a blank text, expected some words; write them and save again")


def isolated(text: str) -> str:
    """The text as a part of another, of which it turns nothing around: what runs from right to left is set apart.

    Invisible letters in it are spelled out first. Unicode's isolates end with a line, so every line has its own.
    """
    return "\n".join(
        f"{ISOLATE}{line}{END}" if _runs_left(line) and not _ISOLATED.fullmatch(line) else line
        for line in spelled_out(text).split("\n")
    )


def spelled_out(text: str) -> str:
    """The text with its invisible letters spelled out, as in “Ada⟨U+200B⟩”, for what older programs let through.

    Only the isolates of `isolated` stay what they are.
    """
    apart = {place for found in _ISOLATED.finditer(text) if _runs_left(found[1]) for place in _ends(found)}
    unseen = ((place, letter) for place, letter in _invisible(text, multiline=True) if place not in apart)
    spelled = {place: f"⟨U+{ord(letter):04X}⟩" for place, letter in unseen}
    return "".join(spelled.get(place, letter) for place, letter in enumerate(text))


def _ends(found: re.Match[str]) -> tuple[int, int]:
    return found.start(), found.end() - 1


def _runs_left(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(letter) in _LEFTWARDS for letter in text)


def _says_something(letter: str) -> bool:
    category = unicodedata.category(letter)
    return letter not in _BLANK and (category[0] in "LN" or category == "So")


def _invisible(text: str, multiline: bool) -> Iterator[tuple[int, str]]:
    """Place and letter of everything that cannot be seen and has no use there."""
    if text.isprintable() and _RARE.isdisjoint(text):
        return
    for place, letter in enumerate(text):
        if multiline and letter in _LINES:
            continue
        unseen = unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") and letter not in _SEEN
        if (unseen or letter in _RARE) and not _useful(text[:place][-1:], letter, text[place + 1 :][:1]):
            yield place, letter


def _useful(before: str, letter: str, after: str) -> bool:
    """Does an invisible letter change how its neighbours are drawn?"""
    if letter in _SELECTORS:
        return _emoji(before) or after == KEYCAP or _script(before) == "CJK"
    if letter in _MONGOLIAN:
        return _script(before) == "MONGOLIAN"
    if letter == JOINER and (_emoji(before) or before in _SELECTORS) and _emoji(after):
        return True
    joined = _script(before) if letter in (JOINER, NON_JOINER) else ""
    return joined in JOINED_SCRIPTS and joined == _script(after)


def _emoji(letter: str) -> bool:
    return bool(letter) and (unicodedata.category(letter) in ("So", "Sm", "Sk") or letter in "\u203c\u2049\u3030\u303d")


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""
