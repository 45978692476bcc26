"""What a server and its refit worker say to each other: a request a line, and the files of a job on disk.

Requests travel as lines of JSON on the worker's standard input. Everything that must outlive either of them is a file
in the job's folder, written in one step.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self, get_args

from models.errors import FitError

type Ending = Literal["done", "rejected", "failed", "cancelled"]

JOB_ID = re.compile(r"[0-9a-f]{12}")
KEY = re.compile(r"[0-9a-f]{64}")
REQUEST, PROGRESS, OUTCOME, STOP, MADE = "request.json", "progress.jsonl", "outcome.json", "stop", "fit"
"""Files of a job: what was asked, lines of progress, how it ended, the wish that it stop, the fit until it is moved."""
NOT_JSON = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What reading fields of a JSON file raises that may hold anything: bad text, other types, numbers too large, endless
nesting."""
FIT_FILES = ("fit.json", "draws.npz")
INCIDENTS = "incidents.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One forecast probability of the latent-alignment model (0-1) and its Monte Carlo standard error."""

    target: str
    horizon: int
    outcome: str
    probability: float
    mcse: float

    def __post_init__(self) -> None:
        if not (0 <= self.probability <= 1 and 0 <= self.mcse < math.inf):
            raise FitError(
                f"got probability {self.probability} with error {self.mcse}, expected 0 to 1 and a finite error; "
                "take both from the results table"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One refit that is asked for.

    Attributes
    ----------
    id : str
        Twelve hexadecimal digits, the name of the job's folder.
    key : str
        Digest of the question, 64 hexadecimal digits, the name of the fit's folder.
    values : Mapping[str, float]
        Knob values to fit under.
    expected : tuple of Expected
        What re-weighting said, to be checked against the refit; empty when there is nothing to check.

    Raises
    ------
    FitError
        An id or key that is no file name of ours, or a value that is no finite number.
    """

    id: str
    key: str
    values: Mapping[str, float]
    expected: tuple[Expected, ...] = field(default=())

    def __post_init__(self) -> None:
        if not (JOB_ID.fullmatch(self.id) and KEY.fullmatch(self.key)):
            raise FitError(f"got job {self.id[:20]!r} for {self.key[:20]!r}, expected 12 and 64 hexadecimal digits")
        odd = [name for name, value in self.values.items() if not math.isfinite(value)]
        if odd:
            raise FitError(f"got no finite number for {', '.join(odd)}; correct the setting")
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def to_json(self) -> str:
        """One line, without the line feed."""
        plain = {"id": self.id, "key": self.key, "values": dict(self.values)}
        return json.dumps({**plain, "expected": [asdict(answer) for answer in self.expected]}, allow_nan=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a line back.

        Raises
        ------
        FitError
            It is no request.
        """
        try:
            raw = json.loads(text)
            answers = tuple(Expected(**answer) for answer in raw["expected"])
            values = {str(name): float(value) for name, value in raw["values"].items()}
            return cls(id=raw["id"], key=raw["key"], values=values, expected=answers)
        except NOT_JSON as error:
            raise FitError(f"got no request ({error}), expected a line that `Request.to_json` wrote") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a refit ended, with one sentence for the page."""

    state: Ending
    message: str

    def __post_init__(self) -> None:
        if self.state not in get_args(Ending.__value__):
            raise FitError(f"got outcome {self.state!r}, expected one of {', '.join(get_args(Ending.__value__))}")
        shown = self.message.encode(errors="replace").decode()  # a name of a file may hold what no page can show
        object.__setattr__(self, "message", shown)

    def to_json(self) -> bytes:
        """The content of the outcome file."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Read the content back.

        Raises
        ------
        FitError
            It is no outcome.
        """
        try:
            raw = json.loads(content)
            return cls(state=raw["state"], message=raw["message"])
        except NOT_JSON as error:
            raise FitError(f"got an outcome that cannot be read ({error}); start the refit again") from error


def is_text(value: object) -> bool:
    """Whether a value from a file is a string that can be written and shown again: JSON may hold halves of letters."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def job_folder(home: Path, job_id: str) -> Path:
    """Where the files of a job stand."""
    return home / "jobs" / job_id


def fit_folder(home: Path, key: str) -> Path:
    """Where an accepted fit stands; it appears there whole, by one rename."""
    return home / "fits" / key
