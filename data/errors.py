"""Errors of the whole project: one base, and the leaf that belongs to the evidence."""

from __future__ import annotations

from collections.abc import Sequence

from data.values import frozen

SHOWN_PROBLEMS = 10
"""Problems spelled out in one message: enough to see a pattern, few enough to read in a terminal."""


class ConjunctionError(Exception):
    """Base of every error that this project raises on purpose."""


@frozen
class Problem:
    """One thing wrong in one cell of one file.

    Attributes
    ----------
    column : str
        Column, or the name of the value when there is no file.
    detail : str
        What was got, what was expected, what to do.
    file : str
        File relative to the data folder; empty when the value did not come from a file.
    row : int or None
        Row as a spreadsheet counts it: the header is row 1. None for the file as a whole.
    """

    column: str
    detail: str
    file: str = ""
    row: int | None = None

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column '{self.column}'")
        return f"{', '.join(place)}: {self.detail}" if place else self.detail


class EvidenceError(ConjunctionError, ValueError):
    """The evidence is missing, malformed or contradicts itself.

    Attributes
    ----------
    problems : tuple of Problem
        Every problem found, also those that the message leaves out.
    """

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> EvidenceError:
        """Make one error of many problems; the message spells out the first ten."""
        shown = [str(problem) for problem in problems[:SHOWN_PROBLEMS]]
        hidden = len(problems) - len(shown)
        if hidden > 0:
            shown.append(f"... and {hidden} more problems")
        return cls("\n".join(shown), problems)


class UpdateError(ConjunctionError, RuntimeError):
    """The files of the evidence cannot be changed now: they stand as they did, and why is said."""
