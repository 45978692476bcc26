"""What must change nothing, or nothing but the exposure: rows planted after an origin, and a year's rows doubled."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from data.types import Event, Evidence
from models.outcome.signpost_list import Signpost
from models.signpost_study.chances import Known
from models.signpost_study.questions import ORIGINS

PLANTED, DOUBLED = "planted", "doubled"
TOLERANCE = 1e-12
"""Two roads to one number may differ by the order of additions."""


def control_table(evidence: Evidence, signposts: Sequence[Signpost], origins: Iterable[int] = ORIGINS) -> pd.DataFrame:
    """Both controls at every origin.

    Returns
    -------
    DataFrame
        ``control, origin, rows`` (added), ``largest`` (change of a chance), ``unexplained`` (largest change that is not
        that of the exposure), ``met``.
    """
    rows = []
    for origin in origins:
        known = Known.at(evidence.events, signposts, date(origin, 12, 31))
        rows += [_planted(evidence.events, known, origin), _doubled(evidence.events, known, origin)]
    return pd.DataFrame(rows).sort_values("control", ascending=False, kind="stable")


def _planted(events: Sequence[Event], known: Known, origin: int) -> dict[str, object]:
    """A row of every rule's kind in the year after the origin."""
    more = planted(events, known.signposts, date(origin + 1, 1, 1))
    after = Known.at([*events, *more], known.signposts, date(origin, 12, 31))
    largest = _largest_change(known, after, origin)
    about = {"control": PLANTED, "origin": origin, "rows": len(more)}
    return {**about, "largest": largest, "unexplained": largest, "met": largest == 0}


def _doubled(events: Sequence[Event], known: Known, origin: int) -> dict[str, object]:
    """Every row of the origin's own year twice: chances move as if the year had had twice the rows alone."""
    more = doubled(events, origin)
    after = Known.at([*events, *more], known.signposts, date(origin, 12, 31))
    record = known.record
    twice = np.where(record.years == origin, 2 * record.rows, record.rows)
    exposed = Known.of(replace(record, rows=twice), known.signposts)
    unexplained = _largest_change(exposed, after, origin)
    about = {"control": DOUBLED, "origin": origin, "rows": len(more)}
    largest = _largest_change(known, after, origin, at_depth=known.depth)
    return {**about, "largest": largest, "unexplained": unexplained, "met": unexplained <= TOLERANCE}


def planted(events: Iterable[Event], signposts: Sequence[Signpost], day: date) -> list[Event]:
    """One row of every kind that the ledger holds, dated that day."""
    kinds = {s.id: next((e for e in events if s.rule.matches(e)), None) for s in signposts}
    return [
        replace(event, id=f"E{day}-planted-{name.lower()}", date=day, date_precision="day", **_moscow(event))
        for name, event in kinds.items()
        if event is not None
    ]


def _moscow(event: Event) -> dict[str, str]:
    """Moscow's present code in place of the Soviet one."""
    return {name: "RUS" for name in ("initiator", "target") if getattr(event, name) == "SUN"}


def doubled(events: Iterable[Event], year: int) -> list[Event]:
    """Every row of a year a second time."""
    return [replace(event, id=f"{event.id}-again") for event in events if event.year == year]


def _largest_change(before: Known, after: Known, origin: int, at_depth: float | None = None) -> float:
    if at_depth is not None:
        before, after = before.at_depth(at_depth), after.at_depth(at_depth)
    first, second = before.whole_years(origin), after.whole_years(origin)
    return max(float(np.abs(first[h].mean(axis=1) - second[h].mean(axis=1)).max()) for h in first)
