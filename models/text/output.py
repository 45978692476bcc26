"""Standard output whatever its encoding: names of any letters are printed, and files come out as the bytes they are."""

import io
import json
import sys

_WHOLE = frozenset({"utf-8", "utf-16", "utf-32"})
"""Encodings that have every letter."""


def take_any_letter() -> None:
    """From now on print letters that standard output or error has no code for as escapes such as ``\\u5317``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_json(value: object) -> None:
    """Print the answer for programs; letters that the output has no code for as JSON writes them in ASCII."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("_", "-")
    print(json_text(value, ascii_only=encoding not in _WHOLE))


def json_text(value: object, *, ascii_only: bool = False) -> str:
    """A value as programs get it everywhere: on the command line, at an address of the page, in a conversation."""
    return json.dumps(value, indent=1, ensure_ascii=ascii_only, allow_nan=False)


def print_file(content: bytes) -> None:
    """Print what is a file elsewhere: in UTF-8, as the file would be, so that another program reads the same."""
    sys.stdout.flush()
    if (buffer := getattr(sys.stdout, "buffer", None)) is None:
        sys.stdout.write(content.decode("utf-8"))
    else:
        buffer.write(content)
