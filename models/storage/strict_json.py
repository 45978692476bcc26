"""JSON from strangers: sizes, depths, numbers and letters are checked before anything looks at the content."""

import json
import math
import re
import unicodedata
from collections import Counter
from typing import NoReturn

from data.csv.hints import encoding_hint, number_hint
from data.digest import Fields
from models.errors import StorageError

MAX_JSON_BYTES = 2 * 2**20
"""Ten times a snapshot with every reason at its longest; the parser needs well under a second for it."""
MAX_DEPTH = 12
"""A snapshot is five levels deep."""
MAX_DIGITS = 25
"""A float's shortest text has at most 24 characters (-2.2250738585072014e-308)."""
_SHOWN = 40
_LINE_CONTROLS = frozenset("\n\t")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks that change the order in which text is shown, and the invisible byte-order mark."""
_TRAILING_COMMA = "a comma stands before the closing bracket; delete it"
_SLIPS = (
    (
        re.compile("[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]"),
        'a typographic quotation mark stands there; write a straight one: "',
    ),
    (re.compile("'"), 'a single quotation mark stands there; write a double one: "'),
    (re.compile(r"//|/\*|#"), "JSON knows no comments; delete it"),
    (re.compile(";"), "a semicolon stands there; write a comma"),
    (re.compile(r",\s*[}\]]"), _TRAILING_COMMA),
    (re.compile(r"True|False|None"), "write true, false and null in small letters"),
)
"""How the text goes on where JSON ends, and what to do about it."""
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})


def read_strict_json(content: bytes, what: str, multiline: frozenset[str] = frozenset()) -> Fields:
    """Parse a JSON object and refuse what JSON or good manners do not allow; a byte-order mark before it is skipped.

    Parameters
    ----------
    content : bytes
    what : str
        Name of the thing for messages, such as "the snapshot".
    multiline : frozenset of str
        Keys of the objects whose texts may hold line feeds and tabs.

    Raises
    ------
    StorageError
        Too large, not UTF-8, cut off, nested too deeply, a key given twice, NaN or infinity, a number of absurd length,
        or text with control or direction-changing characters.
    """
    if len(content) > MAX_JSON_BYTES:
        _refuse(
            what, f"more than {MAX_JSON_BYTES} bytes of JSON", "a file this program wrote", "check what the file is"
        )
    try:
        text = content.decode("utf-8-sig")
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_whole_number,
            parse_float=_real_number,
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError as error:
        raise StorageError(f"{what}: byte {error.start} is not UTF-8; {encoding_hint(content)}") from error
    except RecursionError as error:
        raise StorageError(f"{what}: nested too deeply, expected at most {MAX_DEPTH} levels; export again") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise StorageError(f"{what}: not JSON at {place} ({error.msg}); {_hint(text, error.pos)}") from error
    if not isinstance(value, dict):
        _refuse(what, f"a {type(value).__name__}", "a JSON object", "give a file that this program exported")
    _check_texts(value, what, multiline)
    return value


def json_text(document: Fields) -> bytes:
    """A document as a file that people may read: a value a line, by name, and nothing but finite numbers."""
    return (json.dumps(document, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()


def require_plain_text(text: str, what: str, *, multiline: bool = False) -> None:
    """Refuse control characters, lone surrogates and marks that reorder text.

    Parameters
    ----------
    multiline : bool
        Allow line feeds and tabs.

    Raises
    ------
    StorageError
    """
    if text.isascii() and text.isprintable():
        return
    for letter in text:
        refused = letter in _BIDI or unicodedata.category(letter) in _REFUSED_CATEGORIES
        if refused and not (multiline and letter in _LINE_CONTROLS):
            name = unicodedata.name(letter, "a control character")
            raise StorageError(f"{what} holds the invisible character U+{ord(letter):04X} ({name}); remove it")


def _refuse(what: str, got: str, expected: str, advice: str) -> NoReturn:
    raise StorageError(f"{what}: got {got}, expected {expected}; {advice}")


def _hint(text: str, position: int) -> str:
    """What probably stands there, told to somebody who wrote the file by hand."""
    before, rest = text[:position].rstrip(), text[position:].lstrip()
    for pattern, hint in _SLIPS:
        if pattern.match(rest):
            return hint
    if not rest or rest.startswith('"'):
        return "it ends too early there and may be cut off: export it again"
    if before.endswith(",") and rest[0] in "}]":  # Python 3.12 stops behind the comma, 3.13 before it
        return _TRAILING_COMMA
    if re.search(r"[0-9],?$", before) and rest[0].isdigit():
        return "write a decimal point, and nothing between thousands"
    return number_hint(re.split(r"[\s,;}\]]", rest)[0]) or "correct the file there, or export it again"


def _unique(pairs: list[tuple[str, object]]) -> Fields:
    named = dict(pairs)
    if len(named) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise StorageError(
            f"got the key {twice[:_SHOWN]!r} twice in one object, expected it once; export the file again"
        )
    return named


def _whole_number(text: str) -> int:
    _require_short(text)
    return int(text)


def _real_number(text: str) -> float:
    _require_short(text)
    value = float(text)
    if not math.isfinite(value):
        raise StorageError(f"got the number {text[:_SHOWN]}, expected a finite one; export the file again")
    return value


def _require_short(text: str) -> None:
    if len(text) > MAX_DIGITS:
        raise StorageError(
            f"got a number of {len(text)} characters, expected at most {MAX_DIGITS}; export the file again"
        )


def _no_constant(text: str) -> NoReturn:
    raise StorageError(f"got {text}, expected a finite number: JSON knows no {text}; export the file again")


def _check_texts(value: object, what: str, multiline: frozenset[str]) -> None:
    """Check every text and the depth, without recursion: the stack holds (value, place, multiline, depth)."""
    stack: list[tuple[object, str, bool, int]] = [(value, what, False, 1)]
    while stack:
        item, place, lines, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise StorageError(f"{what}: nested too deeply, expected at most {MAX_DEPTH} levels; export again")
        if isinstance(item, str):
            require_plain_text(item, place, multiline=lines)
        elif isinstance(item, dict):
            for key, inner in item.items():
                require_plain_text(key, f"a key in {place}")
                stack.append((inner, f"{place}: {key[:_SHOWN]}", lines or key in multiline, depth + 1))
        elif isinstance(item, list):
            stack.extend((inner, place, lines, depth + 1) for inner in item)
