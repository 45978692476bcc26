"""Answers to the signposts: yes or no, open or due, read from the ledger as it stood on one day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Literal, get_args

from data.types import Event
from data.values import frozen
from models.errors import OutcomeError
from models.outcome.signpost_list import SIGNPOSTS, Signpost

type Waiting = Literal["open", "due"]
Status = Literal["yes", "no", "open", "due"]
OPEN: Waiting = "open"
DUE: Waiting = "due"
MOST_NAMED = 20
"""Near misses named in a note: more could not be looked through."""


@frozen
class SignpostResolution:
    """The answer to one signpost and the row that gave it.

    Attributes
    ----------
    status : {"yes", "no", "open", "due"}
        "due": the deadline has passed and the ledger does not answer yet (`waiting`).
    event : Event or None
        The row that settled the question; None where the absence of rows did, and while there is no answer.
    note : str
        A sentence or two for the reader.
    near_misses : tuple of Event
        Where no row has settled it: rows that only miss a keyword (`near_misses`).
    """

    signpost: Signpost
    status: Status
    event: Event | None
    note: str
    near_misses: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        if self.status not in get_args(Status):
            raise OutcomeError(
                f"signpost {self.signpost.id}: got status {self.status!r}; expected one of {get_args(Status)}"
            )


def waiting(day: date, today: date) -> Waiting:
    """The one word for a question without an answer: open until the end of its day, due from then on."""
    return DUE if day < today else OPEN


def resolve_signposts(
    events: Iterable[Event], as_of: date, signposts: Iterable[Signpost] = SIGNPOSTS, today: date | None = None
) -> tuple[SignpostResolution, ...]:
    """Answer every signpost from a ledger, in list order.

    Parameters
    ----------
    events : iterable of Event
        Any ledger; unverified rows and rows that could not be known on `as_of` are ignored.
    as_of : date
        Last day of the ledger.
    today : date, optional
        The day on which the question is asked; that last day if not given.

    Raises
    ------
    OutcomeError
        `as_of` is not a plain date.
    """
    if type(as_of) is not date:
        raise OutcomeError(f"got as_of {as_of!r}; expected a calendar date without a time")
    visible = _in_order(event for event in events if event.verified and event.latest_date <= as_of)
    return tuple(_resolved(signpost, visible, as_of, today or as_of) for signpost in signposts)


def resolve_signpost(signpost: Signpost, events: Iterable[Event], as_of: date) -> SignpostResolution:
    """Answer one signpost; see `resolve_signposts`."""
    return resolve_signposts(events, as_of, (signpost,))[0]


def near_misses(signpost: Signpost, events: Iterable[Event]) -> tuple[Event, ...]:
    """Rows of the question's window where all columns agree and only a keyword is missing, for a person to look at.

    Summaries are ours: a row can say the same in other words.
    """
    return _near(signpost, _window(signpost, _in_order(events)))


def _in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (event.latest_date, event.id))


def _window(signpost: Signpost, ordered: list[Event]) -> list[Event]:
    """The rows inside a question's window, of rows in the order of their latest dates."""
    first, last = (
        bisect_right(ordered, day, key=lambda event: event.latest_date) for day in (signpost.opens, signpost.deadline)
    )
    return ordered[first:last]


def _resolved(signpost: Signpost, visible: list[Event], as_of: date, today: date) -> SignpostResolution:
    window = _window(signpost, visible)
    matching = [event for event in window if signpost.rule.matches(event)]
    if len(matching) >= signpost.rule.min_count:
        return _settled(signpost, matching[signpost.rule.min_count - 1])
    answer, near = _unmatched(signpost, window, as_of, today), _near(signpost, window)
    return replace(answer, near_misses=near, note=f"{answer.note}{_misses_text(near)}")


def _settled(signpost: Signpost, event: Event) -> SignpostResolution:
    status: Status = "no" if signpost.rule.none_expected else "yes"
    return SignpostResolution(
        signpost=signpost, status=status, event=event, note=f"Settled by {event.id}: {event.summary}"
    )


def _near(signpost: Signpost, window: list[Event]) -> tuple[Event, ...]:
    return tuple(event for event in window if signpost.rule.nearly_matches(event))


def _misses_text(near: tuple[Event, ...]) -> str:
    if not near:
        return ""
    more = f" and {len(near) - MOST_NAMED} more" if len(near) > MOST_NAMED else ""
    named = ", ".join(event.id for event in near[:MOST_NAMED])
    return f" Only a keyword is missing in {named}{more}: look at the summary."


def _unmatched(signpost: Signpost, window: list[Event], as_of: date, today: date) -> SignpostResolution:
    """Answer without a deciding row.

    A silent ledger means unknown, not calm (codebook.md): an absence is believed only when the deadline's own year is
    in the ledger.
    """
    deadline = signpost.deadline
    word = waiting(deadline, today)
    if as_of < deadline:
        late = f"Due since {deadline}: the ledger ends on {as_of} and does not reach that day."
        note = late if word == DUE else f"Open until {deadline}."
        return SignpostResolution(signpost=signpost, status=word, event=None, note=note)
    if not any(event.year == deadline.year for event in window):
        note = f"Not answered: the ledger holds no verified row of {deadline.year} yet; add that year's rows."
        return SignpostResolution(signpost=signpost, status=word, event=None, note=note)
    status: Status = "yes" if signpost.rule.none_expected else "no"
    rows = f"{len(window)} verified {'row' if len(window) == 1 else 'rows'}"
    note = f"Nothing that counts among {rows} of the window by {deadline}."
    return SignpostResolution(signpost=signpost, status=status, event=None, note=note)
