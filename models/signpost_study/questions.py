"""Every rule of the list asked again from past year-ends, and what the ledger answered."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from data.days import last_whole_year
from data.types import Event, Evidence
from models.outcome.signpost_list import Signpost
from models.outcome.signposts import resolve_signposts

FIRST_ORIGIN, LAST_ORIGIN = 1992, 2023
ORIGINS = range(FIRST_ORIGIN, LAST_ORIGIN + 1)
AHEAD = (1, 2, 3)
"""Whole years that a question stays open."""
ANSWERED = ("yes", "no")


def rules(signposts: Iterable[Signpost]) -> tuple[Signpost, ...]:
    """The first signpost of each rule; without break acts, which have no rate of their own (docs/decisions/0021)."""
    first: dict[object, Signpost] = {}
    for signpost in signposts:
        first.setdefault(signpost.rule, signpost)
    return tuple(signpost for signpost in first.values() if not signpost.asks_for_a_break)


def asked(signpost: Signpost, origin: int, ahead: int) -> Signpost:
    """The same rule about the years after a year-end."""
    return replace(signpost, opens=date(origin, 12, 31), deadline=date(origin + ahead, 12, 31), implies=())


def answers(evidence: Evidence, signposts: Sequence[Signpost], origins: Iterable[int] = ORIGINS) -> pd.DataFrame:
    """What came of every question whose window has ended.

    Returns
    -------
    DataFrame
        ``origin, horizon, id, yes`` (0 or 1) and ``unseen``: whether the ledger of the origin held no row of the kind.
        A question without an answer at its deadline (no row of that year) is left out.
    """
    last, earliest, rows = last_whole_year(evidence.as_of), _earliest(evidence.events, signposts), []
    for origin in origins:
        for ahead in (ahead for ahead in AHEAD if origin + ahead <= last):
            open_then = [asked(signpost, origin, ahead) for signpost in signposts]
            for resolution in resolve_signposts(evidence.events, date(origin + ahead, 12, 31), open_then):
                if resolution.status in ANSWERED:
                    name, yes = resolution.signpost.id, int(resolution.status == "yes")
                    unseen = earliest[name] > date(origin, 12, 31)
                    rows.append({"origin": origin, "horizon": ahead, "id": name, "yes": yes, "unseen": unseen})
    return pd.DataFrame(rows)


def _earliest(events: Iterable[Event], signposts: Sequence[Signpost]) -> dict[str, date]:
    """Day of the first row of each kind, by id; the last day there is where there is none."""
    days = {
        signpost.id: [event.latest_date for event in events if signpost.rule.matches(event)] for signpost in signposts
    }
    return {name: min(own, default=date.max) for name, own in days.items()}
