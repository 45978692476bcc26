"""Who watches which chance, and what each has seen of it: kept in this user's own folder, for this user's eyes."""

import base64
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Self
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from data.digest import Fields
from data.values import frozen
from models.errors import FormatError
from models.names import STATES
from models.storage.disk import create_private, explained, read_limited, replacing, wait_for_disk
from models.storage.home import keep
from models.storage.strict_json import MAX_JSON_BYTES, read_strict_json

FILE_NAME = "alerts.json"
MOST = 100
"""Watches of one user: a check asks the forecast once for each."""
LEAST_POINTS, MOST_POINTS = 0.1, 100.0
SECRET_PREFIX, SECRET_BYTES = "whsec_", 24
"""As Standard Webhooks writes a secret."""
ID_DIGITS = 8
LONGEST_URL = 2000
LOCK_SECONDS = 10.0


@frozen
class Watch:
    """One chance that somebody watches.

    Attributes
    ----------
    id : str
        Its name in commands and messages.
    url : str
        Where to tell it.
    secret : str
        Known to both ends; signs every message.
    state : str
    year : int
        The chance is that of this state at the end of this year.
    points : float
        Hundredths by which it must have moved.
    values : Mapping of str to float
        Knobs moved from their defaults.
    private : bool
        Whether the address may lie in a private network.
    seen : float
        Chance (0-1) that was last told or looked at.
    seen_as_of : date
        Reference date of that.
    """

    id: str
    url: str
    secret: str
    state: str
    year: int
    points: float
    values: Mapping[str, float]
    private: bool
    seen: float
    seen_as_of: date

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or len(self.url) > LONGEST_URL:
            raise FormatError(f"got the address {self.url[:80]!r}, expected one such as https://example.org/hook")
        if parts.scheme == "http" and not self.private:
            raise FormatError(f"got {self.url[:80]!r}, expected https: a message could be read on its way")
        if self.state not in STATES:
            raise FormatError(f"got the state {self.state[:40]!r}, expected one of {', '.join(STATES)}")
        if not LEAST_POINTS <= self.points <= MOST_POINTS:
            raise FormatError(f"got {self.points:g} points, expected {LEAST_POINTS:g} to {MOST_POINTS:g}")
        if not 0 <= self.seen <= 1:
            raise FormatError(f"got the chance {self.seen:g}, expected 0 to 1")

    @property
    def shown(self) -> Fields:
        """What may be printed: all but the secret."""
        return {name: value for name, value in _plain(self).items() if name != "secret"}

    @classmethod
    def read(cls, content: Fields) -> Self:
        """A watch as it lies in the file.

        Raises
        ------
        FormatError
        """
        try:
            if content.keys() != {field.name for field in fields(cls)}:
                raise ValueError("it has other fields")
            values = MappingProxyType({str(key): float(value) for key, value in content["values"].items()})
            return cls(**{**content, "values": values, "seen_as_of": date.fromisoformat(content["seen_as_of"])})
        except (ValueError, TypeError, AttributeError) as error:
            raise FormatError(
                f"{FILE_NAME} is not as it was written ({str(error)[:120]}); move it away and add the watches again"
            ) from error


def new_secret() -> str:
    """A secret for a new watch."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def new_id() -> str:
    """A name for a new watch."""
    return secrets.token_hex(ID_DIGITS // 2)


@frozen
class Watches:
    """The file of watches.

    Attributes
    ----------
    folder : Path
    """

    folder: Path

    @classmethod
    def own(cls) -> Self:
        """This user's."""
        return cls(folder=keep())

    def read(self) -> tuple[Watch, ...]:
        """All of them; none where there is no file.

        Raises
        ------
        FormatError, FileError, StorageError
        """
        if not self._file.exists():
            return ()
        listed = read_strict_json(read_limited(self._file, MAX_JSON_BYTES), FILE_NAME).get("watches")
        if not isinstance(listed, list) or len(listed) > MOST:
            raise FormatError(f"{FILE_NAME} is not as it was written; move it away and add the watches again")
        return tuple(Watch.read(content) for content in listed)

    @contextmanager
    def changing(self) -> Iterator[list[Watch]]:
        """All of them in a list; what is in it when the block ends well is what is kept.

        Raises
        ------
        FormatError, FileError, StorageError
            Also where another process is changing them, or there are too many.
        """
        with explained(self.folder, "written"):
            self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / f".{FILE_NAME}.lock", timeout=LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout:
            raise FormatError("another process is changing the watches; wait until it has ended") from None
        try:
            watches = list(self.read())
            yield watches
            self.write(watches)
        finally:
            lock.release()

    def write(self, watches: Sequence[Watch]) -> None:
        """Keep these, in one step; within `changing`."""
        if len(watches) > MOST:
            raise FormatError(f"got {len(watches)} watches, expected at most {MOST}; remove one first")
        content = json.dumps({"watches": [_plain(watch) for watch in watches]}, indent=1, allow_nan=False) + "\n"
        with replacing(self._file) as partial, create_private(partial) as stream:
            stream.write(content.encode())
            wait_for_disk(stream)

    @property
    def _file(self) -> Path:
        return self.folder / FILE_NAME


def _plain(watch: Watch) -> Fields:
    content = {field.name: getattr(watch, field.name) for field in fields(watch)}
    return {**content, "values": dict(watch.values), "seen_as_of": watch.seen_as_of.isoformat()}
