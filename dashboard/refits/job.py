"""One refit as its record says, each field checked: a record is a file, and a file may hold anything."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self, get_args

from models.errors import FitError
from models.refits.request import JOB_ID, KEY, NOT_JSON, is_text

type State = Literal["waiting", "running", "done", "rejected", "failed", "cancelled", "superseded"]

LIVE = frozenset({"waiting", "running"})
UNKNOWN_KEY = "0" * 64
"""Stands for the question of a job of which no file says any more what was asked."""
_SHOWN, _LONGEST = 40, 200
_LEASE = re.compile(r"[0-9a-f]{12}")
_END_OF_TIME = 1e12
"""Seconds since 1970; far above any clock, far below where adding a timeout overflows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One refit as it stands.

    Attributes
    ----------
    id : str
        Twelve hexadecimal digits; stands in the page's address.
    key : str
        What was asked; equal questions share one job.
    state : {"waiting", "running", "done", "rejected", "failed", "cancelled", "superseded"}
        Rejected: it ended, but its draws may not be shown.
    done : float
        Share done, 0 to 1.
    message : str
        One sentence for the page: the phase while running, the reason afterwards.
    asked, started : float
        Seconds since 1970; `started` is 0 until the worker has it.
    place : int
        Place in the queue while waiting, 1 is next; else 0.
    owners : tuple of str
        Who asked (browser sessions).
    server, worker : str
        Names of the leases of the server that answers for it and of the worker that runs it, twelve hexadecimal digits.
    pid : int
        Process group of that worker; means something only while its lease is held.

    Raises
    ------
    FitError
        A field holds what no server writes there.
    """

    id: str
    key: str
    state: State
    done: float
    message: str
    asked: float
    server: str
    owners: tuple[str, ...] = ()
    started: float = 0.0
    place: int = 0
    worker: str = ""
    pid: int = 0

    def __post_init__(self) -> None:
        for name, (fits, expected) in FIELDS.items():
            value = getattr(self, name)
            if not fits(value):
                raise FitError(f"got {name} {_shown(value)}, expected {expected}")
        object.__setattr__(self, "owners", tuple(self.owners))

    @property
    def live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in LIVE

    @classmethod
    def from_json(cls, content: bytes, job_id: str) -> Self:
        """Read the record of the job of that name.

        Raises
        ------
        FitError
            It is none, or that of another job.
        """
        try:
            job = cls(**json.loads(content))
        except FitError:
            raise
        except NOT_JSON as error:
            raise FitError(f"got no record of a refit ({_plain(str(error))})") from error
        if job.id != job_id:
            raise FitError(f"got the record of refit {job.id}, expected that of {job_id}")
        return job

    @classmethod
    def unreadable(cls, job_id: str, key: str, asked: float, reason: str) -> Self:
        """What to tell of a job whose record cannot be read: that it failed, and why."""
        message = f"Its record cannot be read and was set aside: {reason}. Start the refit again."
        known = {"id": job_id, "key": key, "state": "failed", "done": 0.0, "server": ""}
        return cls(**known, message=message, asked=min(max(0.0, asked), _END_OF_TIME / 2))


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _plain(reason: str) -> str:
    """A reason as far as it can be shown: it may quote the file."""
    return reason.encode(errors="replace").decode()[:_LONGEST]


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and 0 <= value < _END_OF_TIME


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**31


def _are_names(value: object) -> bool:
    return isinstance(value, list | tuple) and all(is_text(name) for name in value)


def _matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


_IS_LEASE = _matches(_LEASE)
FIELDS: dict[str, tuple[Callable[[object], bool], str]] = {
    "id": (_matches(JOB_ID), "12 hexadecimal digits"),
    "key": (_matches(KEY), "64 hexadecimal digits"),
    "state": (lambda value: isinstance(value, str) and value in get_args(State.__value__), "a known state"),
    "done": (lambda value: _is_number(value) and value <= 1, "a share from 0 to 1"),
    "message": (is_text, "a sentence"),
    "asked": (_is_number, "seconds since 1970"),
    "server": (lambda value: value == "" or _IS_LEASE(value), "the name of a server"),
    "owners": (_are_names, "a list of names"),
    "started": (_is_number, "seconds since 1970"),
    "place": (_is_count, "a place in the queue"),
    "worker": (lambda value: value == "" or _IS_LEASE(value), "the name of a worker"),
    "pid": (_is_count, "the number of a process"),
}
"""Of every field: whether it may hold a value, and what is expected there."""
