"""What a database says when something is wrong, told in words: what happened and what to do. Never a password."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from models.errors import RecordError
from models.text.masking import MASK, masked

_HELD = "another program holds it{waited}; let that one finish, or close it, and try again"
_SQLITE = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space and try again",
    sqlite3.SQLITE_READONLY: "the file or its folder is read-only; choose another place with --record",
    sqlite3.SQLITE_CANTOPEN: "the file could not be opened; check that its folder exists and may be used, or name "
    "another file with --record or CONJUNCTION_RECORD",
    sqlite3.SQLITE_PERM: "this user may not do that; choose another place with --record",
    sqlite3.SQLITE_NOTADB: "the file is no record; name another one with --record",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; bring the record back from an export",
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_IOERR: "the disk could not be read or written; check the disk",
    sqlite3.SQLITE_TOOBIG: "the content is too large for a database",
}
_STATES = {
    "42501": "this user may not do that in the database; ask for the right to read and add rows",
    "53": "the server has no room or memory left; ask whoever runs it",
    "55P03": _HELD,
    "57014": "the server took too long; try again",
}
"""By the beginning of PostgreSQL's SQLSTATE."""
PASSWORD_VARIABLE = "PGPASSWORD"
"""Where PostgreSQL's own driver looks for a password that the URL lacks."""
_UNREACHED = "the server refused or could not be reached; check that it runs, and the URL"
_SHOWN = 160


@contextlib.contextmanager
def explained(url: URL, doing: str, seconds: float = 0) -> Iterator[None]:
    """Turn whatever the database raises inside the block into a `RecordError`.

    Parameters
    ----------
    doing : str
        "opened", "read", "added to".
    seconds : float
        How long it waits for another program that holds the record.

    Notes
    -----
    The error that was caught is not chained: a driver's error may carry the connection's parameters, and a log would
    then hold the password.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, UnicodeError) as error:
        waited = f"; waited {seconds:g} s" if seconds else ""
        reason = _reason(error, url).replace("{waited}", waited)
        raise RecordError(f"the record {shown(url)} could not be {doing}: {reason}") from None


def shown(url: URL) -> str:
    """Name of the database for messages: no password, no user, no folder."""
    name = (url.database or "").replace("\\", "/").rpartition("/")[2]
    return f"{name} on {url.host or 'this machine'}" if url.get_backend_name() != "sqlite" else name


def _reason(error: Exception, url: URL) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, UnicodeError):  # SQLite quotes the damaged bytes, and its driver stumbles over them
        return _SQLITE[sqlite3.SQLITE_CORRUPT]
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code in _SQLITE:
            return _SQLITE[code]
    state = getattr(cause, "sqlstate", None) or ""
    for start, reason in _STATES.items():
        if state.startswith(start):
            return reason
    text = _plain(str(cause), url)
    lost = type(cause).__name__ == "OperationalError" and not state and not isinstance(cause, sqlite3.Error)
    return f"{_UNREACHED} ({text})" if lost else text


def _plain(text: str, url: URL) -> str:
    """The first line of a driver's message, without the password and never long."""
    line = masked(text.strip().partition("\n")[0])
    for secret in _secrets(url):
        line = line.replace(secret, MASK)
    return line[:_SHOWN]


def _secrets(url: URL) -> list[str]:
    """Whatever of the URL, or of the driver's own variable, may be a password; the longest first."""
    options = (value for values in url.query.values() for value in ((values,) if isinstance(values, str) else values))
    given = {str(secret) for secret in (url.password, os.environ.get(PASSWORD_VARIABLE), *options) if secret}
    return sorted({*given, *map(quote, given), *map(quote_plus, given)}, key=len, reverse=True)
