"""How far the chances rest on how hard the ledger was searched: every search left out in turn."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.readings import Reading
from data.types import Evidence
from models.outcome.signpost_list import Signpost
from models.outcome.signposts import OPEN, resolve_signposts
from models.signpost_study.chances import Known
from models.signposts.board import rows_so_far
from models.signposts.windows import Coming

SAME, ANEW = "same", "anew"
"""The rows that coming years will bring are those of the whole ledger, or estimated from what is left."""
LIMIT = 0.03
"""What the median change of a chance must stay below."""


def open_now(evidence: Evidence, signposts: Sequence[Signpost]) -> tuple[tuple[Signpost, ...], Coming]:
    """Signposts with a rate that the ledger leaves open, and the years that are left to them."""
    coming = Coming.after(evidence.as_of)
    answers = resolve_signposts(evidence.events, evidence.as_of, signposts)
    waiting = [answer.signpost for answer in answers if answer.status == OPEN]
    kept = [s for s in waiting if coming.open_to(s).any() and not s.asks_for_a_break]
    return tuple(kept), coming


def search_table(evidence: Evidence, readings: Sequence[Reading], signposts: Sequence[Signpost]) -> pd.DataFrame:
    """Chances of the open signposts without the rows of one search, beside those with all rows.

    Rows that an open window holds already stay seen: they are known, whoever found them.

    Returns
    -------
    DataFrame
        ``search, depth`` (same, anew), ``rows`` left out, ``signposts, median`` (of the absolute changes of a chance, 0
        to 1), ``largest, of_median`` (change of the median chance), ``total`` (change of the sum of the chances),
        ``met`` where it decides.
    """
    waiting, coming = open_now(evidence, signposts)
    whole = Known.at(evidence.events, waiting, evidence.as_of)
    seen, rows = [rows_so_far(signpost, evidence) for signpost in waiting], []
    before = whole.by_luck(waiting, coming, seen).mean(axis=1)
    found_by = {reading.id: reading.search for reading in readings}
    for search in dict.fromkeys(found_by.values()):
        left = [event for event in evidence.events if found_by.get(event.id) != search]
        if len(left) == len(evidence.events):
            continue
        without = Known.at(left, waiting, evidence.as_of)
        for depth in (SAME, ANEW):
            own = without.at_depth(whole.depth) if depth == SAME else without
            after = own.by_luck(waiting, coming, seen).mean(axis=1)
            moved = np.abs(after - before)
            median = float(np.median(moved))
            about = {"search": search, "depth": depth, "rows": len(evidence.events) - len(left)}
            figures = {
                "signposts": len(waiting),
                "median": median,
                "largest": float(moved.max()),
                "of_median": float(np.median(after) - np.median(before)),
                "total": float((after - before).sum()),
            }
            rows.append({**about, **figures, "met": median < LIMIT if depth == SAME else None})
    return pd.DataFrame(rows)
