"""One refit that is asked for, as a line of JSON, and where its files stand.

A request travels on the worker's standard input; all that must outlive server or worker is a row of the queue.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, field
from pathlib import Path
from types import MappingProxyType
from typing import Self

from data.values import frozen, settle
from models.errors import FitError

JOB_ID = re.compile(r"[0-9a-f]{12}")
KEY = re.compile(r"[0-9a-f]{64}")
_NOT_JSON = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What reading fields of JSON raises that may hold anything: bad text, other types, numbers too large, endless
nesting."""
_FIT_FILES = ("fit.json", "draws.npz")
INCIDENTS = "incidents.jsonl"


@frozen
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


@frozen
class Request:
    """One refit that is asked for.

    Attributes
    ----------
    id : str
        Twelve hexadecimal digits, the name of the job.
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
        settle(self, values=MappingProxyType(dict(self.values)))

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
        except _NOT_JSON as error:
            raise FitError(f"got no request ({error}), expected a line that `Request.to_json` wrote") from error


def refits_folder(home: Path) -> Path:
    """Where the queue stands, and what its servers and workers need."""
    return home / "refits"


def job_folder(home: Path, job_id: str) -> Path:
    """Where a worker makes the fit of a job."""
    return refits_folder(home) / "made" / job_id


def fit_folder(home: Path, key: str) -> Path:
    """Where an accepted fit stands; it appears there whole, by one rename."""
    return home / "fits" / key


def is_whole(fit: Path) -> bool:
    """Whether a folder holds the files of a fit; one that this user may not look into holds nothing for them."""
    try:
        return all((fit / name).is_file() for name in _FIT_FILES)
    except OSError:
        return False
