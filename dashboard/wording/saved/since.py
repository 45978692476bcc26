"""What has changed since the last saved forecast, in one sentence. Pure."""

from collections.abc import Sequence
from datetime import date

from dashboard.wording.chances import percent
from dashboard.wording.labels import STATE_LABELS, date_text, joined
from dashboard.wording.table import Reading
from models.names import STATES
from models.published.owners import PROJECT


def since_sentence(owner: str, saved_on: date, before: Sequence[float], now: Sequence[Reading]) -> str:
    """Which chances at one year-end are other than they were saved; that none is where all read the same.

    Parameters
    ----------
    before : sequence of float
        Chances of the four states as they were saved, in the order of `models.names.STATES`.
    now : sequence of Reading
        The same at the default assumptions as they stand.
    """
    since = f"since {'its publication' if owner == PROJECT else 'you saved it'} on {date_text(saved_on)}"
    moves = [
        f"{STATE_LABELS[state].lower()} {percent(was, one.mcse)} → {one.chance.percent}"
        for state, was, one in reversed(list(zip(STATES, before, now, strict=True)))
        if percent(was, one.mcse) != one.chance.percent
    ]
    return f"Starting view: {f'changed {since}: {joined(moves)}' if moves else f'unchanged {since}'}."
