"""How the chance of one state at one year-end has moved with each saved forecast."""

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from data.days import horizons_from
from models.names import MODEL_MIXTURE, STATES, TARGET_STATE
from models.outcome.rule import RULE
from models.record.entries import SavedForecast
from models.track.marks import mark

COLUMNS = ("owner", "saved_at", "reference_date", "chance", "mark", "moved", "name", "author", "digest")


def course(records: Mapping[str, Iterable[SavedForecast]], state: str, day: date) -> pd.DataFrame:
    """What saved forecasts gave a state at a year-end, in the order in which they were saved.

    Parameters
    ----------
    records : Mapping
        Saved forecasts by whose they are; one that stands in several records counts for the first.
    state : str
        One of `models.names.STATES`.
    day : date
        A 31 December.

    Returns
    -------
    DataFrame
        ``owner, saved_at, reference_date, chance`` (of the published mixture, 0-1), ``mark`` (live or hindcast for that
        day), ``moved`` (whether an assumption stood away from its default), ``name, author, digest``. Forecasts that
        do not speak about the day, or were asked under another outcome rule, have no row: theirs is another question.
    """
    rows, seen = [], set()
    for owner, forecasts in records.items():
        for saved in forecasts:
            horizons, ahead = horizons_from(saved.reference_date), day.year - saved.reference_date.year
            if saved.digest in seen or saved.rule != RULE.digest or ahead not in horizons:
                continue
            seen.add(saved.digest)
            chances = saved.published[MODEL_MIXTURE][TARGET_STATE][horizons.index(ahead)]
            about = (chances[STATES.index(state)], mark(saved, day), bool(saved.changed))
            who = (saved.name, saved.author, saved.digest)
            rows.append((owner, saved.saved_at, saved.reference_date, *about, *who))
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("saved_at", kind="stable", ignore_index=True)
