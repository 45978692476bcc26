"""Passwords kept out of whatever is printed: the part of an address before its host, and what is named a password."""

import re

MASK = "***"
_BEFORE_HOST = re.compile(r"(?i)([a-z][a-z0-9+.-]+:/{1,2})\S*@")
"""Up to the last @ of the word: one of a password's own would else leave its rest in sight."""
_NAMED = re.compile(r"(?i)(pass(?:word|wd|phrase)?\s*=\s*)('[^']*'|\"[^\"]*\"|[^\s&'\"]+)")


def masked(text: str) -> str:
    """A text for people without the user and password of any address in it, and without any ``password=...``."""
    return _NAMED.sub(rf"\1{MASK}", _BEFORE_HOST.sub(rf"\1{MASK}@", text))
