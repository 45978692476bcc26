"""What two snapshots say of the same signposts, and of the same what-ifs."""

import pandas as pd

from models.fits.probabilities import OUTCOMES
from models.signposts.published import PublishedSignposts
from models.snapshot.value import Snapshot

COLUMNS = ("question", "outcome", "old", "new", "difference")


def signpost_moves(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    """Chances that both snapshots give: of a signpost that asks the same, of pins, and of states given the same pins.

    Returns
    -------
    DataFrame
        ``question`` (a signpost's id, or pins and acts as they are written), ``outcome`` ("yes", "pins", or an outcome
        at a year-end), ``old, new, difference``. Empty where either says nothing of signposts.
    """
    if old.signposts is None or new.signposts is None:
        return pd.DataFrame(columns=list(COLUMNS))
    before, after = _said(old, old.signposts), _said(new, new.signposts)
    rows = [
        {"question": key[0], "outcome": key[-1], "old": before[key], "new": after[key]}
        for key in before
        if key in after
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS[:-1]))
    return table.assign(difference=table["new"] - table["old"])


def _said(snapshot: Snapshot, said: PublishedSignposts) -> dict[tuple[str, ...], float]:
    """Every chance by what it is of; a signpost that was asked otherwise is another."""
    chances = {(row.id, row.digest, "yes"): row.chance for row in said.chances}
    years = dict.fromkeys(row[4] for row in snapshot.results)
    for answer in said.answers:
        what = ", ".join((*answer.pins, *(f"do {act}" for act in answer.acts)))
        chances[what, "pins"] = answer.chance
        for end, row in zip(years, answer.outcomes, strict=False):
            chances |= {(what, f"{outcome} at {end}"): p for outcome, p in zip(OUTCOMES, row, strict=True)}
    return chances
