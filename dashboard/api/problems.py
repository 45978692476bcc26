"""What is wrong with a question, in the form that programs know (RFC 9457, problem+json)."""

import json
from collections.abc import Sequence
from http import HTTPStatus

from dashboard.api.calls import NO_HEADERS, PROBLEM, Reply
from data.errors import ConjunctionError
from models.errors import AssumptionError, FitError, FormatError, MissingFitError, RecordError, StorageError
from models.text.masking import masked


class Refused(ConjunctionError):
    """A question that is not answered.

    Parameters
    ----------
    status : HTTPStatus
    detail : str
        What was got, what was expected, what to do.
    problems : sequence of str
        One sentence each, where there are several.
    """

    def __init__(self, status: HTTPStatus, detail: str, problems: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.status, self.problems = status, tuple(problems)


STATUSES: tuple[tuple[type[ConjunctionError], HTTPStatus], ...] = (
    (AssumptionError, HTTPStatus.BAD_REQUEST),
    (FormatError, HTTPStatus.BAD_REQUEST),
    (MissingFitError, HTTPStatus.NOT_FOUND),
    (FitError, HTTPStatus.SERVICE_UNAVAILABLE),
    (RecordError, HTTPStatus.SERVICE_UNAVAILABLE),
    (StorageError, HTTPStatus.SERVICE_UNAVAILABLE),
)
"""The first that fits; any other error of the project is the server's."""


def problem(error: ConjunctionError) -> Reply:
    """An error as an answer."""
    fitting = (status for kind, status in STATUSES if isinstance(error, kind))
    status = error.status if isinstance(error, Refused) else next(fitting, HTTPStatus.INTERNAL_SERVER_ERROR)
    return problem_of(status, masked(str(error)), getattr(error, "problems", ()))


def problem_of(status: HTTPStatus, detail: str, problems: Sequence[str] = ()) -> Reply:
    """The document of a problem."""
    said = {"title": status.phrase, "status": int(status), "detail": detail, "problems": [str(one) for one in problems]}
    body = json.dumps(said, indent=1, ensure_ascii=False).encode() + b"\n"
    retry = {"Retry-After": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else NO_HEADERS
    return Reply(body=body, media=PROBLEM, status=status, headers=retry)
