"""How a ledger might have come out otherwise: searched less deeply, thinned, read again, coded a point off."""

from __future__ import annotations

import numpy as np

from data.vocabulary import INTENSITY_LIMIT
from models.outcome.ledger import Altered, Ledger

DROPPED_SHARE = 0.40
"""Chance that thinning drops a row: twice the share of all collected rows of the first edition that its default ledger
left out (19 %)."""
FLOORS = (3, 4)
"""Sizes of act below which a shallow search might have passed a row over: most of what the second search added lay
below the first."""
FIRST, THINNED, SECOND, CODING = "first", "thinning", "second_reading", "coding"
FLOOR = {size: f"from_{size}" for size in FLOORS}
NAMES = {
    FIRST: "first search only",
    **{FLOOR[size]: f"only acts of {size} or more" for size in FLOORS},
    SECOND: "second reading of every row",
    THINNED: "40 % of rows dropped at random",
    CODING: "coding error of one point",
}
"""What the page calls each alteration."""
_STREAMS = {THINNED: 0, CODING: 1}


def alterations(ledger: Ledger, draws: int, seed: int) -> dict[str, Altered]:
    """Every alteration of one ledger by its key, in the order of `NAMES`.

    Parameters
    ----------
    draws : int
        Altered ledgers for each of the two that are random; the others need one.
    """
    return {**_shallower(ledger), SECOND: _read_again(ledger), **_random(ledger, draws, seed)}


def untouched(ledger: Ledger) -> Altered:
    """The ledger as it stands, in one draw."""
    return _one(ledger, np.ones(ledger.year.size, dtype=bool), "", "Nothing is changed.")


def thinning(ledger: Ledger, draws: int, seed: int) -> np.ndarray:
    """Rows kept in each draw, shape (draw, row): each row falls out on its own with chance `DROPPED_SHARE`."""
    generator = np.random.default_rng((seed, _STREAMS[THINNED]))
    return generator.random((draws, ledger.year.size)) >= DROPPED_SHARE


def miscoded(ledger: Ledger, draws: int, seed: int) -> np.ndarray:
    """Intensities of each draw, shape (draw, row): -1, 0 or +1 added with equal chance, clipped to the scale."""
    generator = np.random.default_rng((seed, _STREAMS[CODING]))
    shift = generator.integers(-1, 2, size=(draws, ledger.year.size))
    return np.clip(ledger.intensity + shift, -INTENSITY_LIMIT, INTENSITY_LIMIT)


def _shallower(ledger: Ledger) -> dict[str, Altered]:
    found = int(ledger.first_search.sum())
    meaning = f"Only the {found} rows of the first search: the same history, dug less deeply."
    altered = {FIRST: _one(ledger, ledger.first_search, NAMES[FIRST], meaning)}
    for size in FLOORS:
        kept = np.abs(ledger.intensity) >= size
        left = int((~kept).sum())
        meaning = f"{left} acts of less than {size} either way are left out, as by a search that looks for great ones."
        altered[FLOOR[size]] = _one(ledger, kept, NAMES[FLOOR[size]], meaning)
    return altered


def _read_again(ledger: Ledger) -> Altered:
    moved = int((ledger.second_reading != ledger.intensity).sum())
    meaning = f"Every row counts as the second reader coded it, blind to the first: {moved} intensities differ."
    everything = np.ones((1, ledger.year.size), dtype=bool)
    return Altered(name=NAMES[SECOND], kept=everything, intensity=ledger.second_reading, meaning=meaning)


def _random(ledger: Ledger, draws: int, seed: int) -> dict[str, Altered]:
    kept = thinning(ledger, draws, seed)
    meaning = "Each row is lost with a chance of 40 %, as if history had been recorded less densely."
    thinned = Altered(name=NAMES[THINNED], kept=kept, intensity=ledger.intensity, meaning=meaning)
    meaning = "Every intensity is off by -1, 0 or +1 with equal chance: two careful coders disagree by about that much."
    wrong = miscoded(ledger, draws, seed)
    return {
        THINNED: thinned,
        CODING: Altered(name=NAMES[CODING], kept=np.ones_like(kept), intensity=wrong, meaning=meaning),
    }


def _one(ledger: Ledger, kept: np.ndarray, name: str, meaning: str) -> Altered:
    return Altered(name=name, kept=kept[None, :], intensity=ledger.intensity, meaning=meaning)
