"""Which simulated readings a rule could count: the part of each band that lies within its limits, by domain."""

from collections.abc import Iterable

import numpy as np

from data.types import Event
from data.values import frozen
from data.vocabulary import DOMAINS, INTENSITY_LIMIT, SPACE_DOMAINS
from models.errors import OutcomeError
from models.measures.readings import Readings
from models.measures.structure import MEASUREMENT
from models.outcome.signpost_list import Signpost
from models.signposts.constants import SIGNPOSTS_1, SignpostStructure


def countable(signpost: Signpost) -> np.ndarray:
    """Part of each cell's intensities that the rule allows, on the side of its rows.

    Returns
    -------
    ndarray, shape (domain, band)
        Domain 0 other, 1 space, as in `models.measures.readings.Readings.counts`.

    Raises
    ------
    OutcomeError
        No row could ever settle the question.
    """
    rule, intensities = signpost.rule, np.arange(-INTENSITY_LIMIT, INTENSITY_LIMIT + 1)
    sides = {"cooperation": intensities >= 0, "friction": intensities <= 0}
    side = sides.get(signpost.family, np.ones(intensities.size, dtype=bool))
    allowed = side & (intensities >= rule.min_intensity) & (intensities <= rule.max_intensity)
    bands = np.digitize(intensities, MEASUREMENT.band_edges)
    number = np.bincount(bands, minlength=MEASUREMENT.bands)
    parts = np.bincount(bands, weights=allowed, minlength=MEASUREMENT.bands) / number
    domains = rule.domains or tuple(DOMAINS)
    open_to = [any(d not in SPACE_DOMAINS for d in domains), any(d in SPACE_DOMAINS for d in domains)]
    cells = np.array(open_to, dtype=float)[:, None] * parts
    if not cells.any():
        raise OutcomeError(
            f"signpost {signpost.id}: got limits {rule.min_intensity} to {rule.max_intensity} on the side of "
            f"{signpost.family}; expected some intensity that a row could have; correct the rule"
        )
    return cells


def shares(cells: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Share of readings that a rule could count.

    Parameters
    ----------
    cells : ndarray, shape (domain, band)
        As `countable` returns it.
    counts : ndarray, shape (..., domain, band)

    Returns
    -------
    ndarray of float64, shape (...)
        0 where there is no reading.
    """
    number = counts.sum(axis=(-2, -1), dtype=float)
    total = np.tensordot(counts, cells, axes=((-2, -1), (0, 1)))
    return np.divide(total, number, out=np.zeros(number.shape), where=number > 0)


def usual_share(cells: np.ndarray, readings: Readings, structure: SignpostStructure = SIGNPOSTS_1) -> float:
    """Mean share over the last whole years of the ledger that have a reading; 0 of a ledger without any."""
    whole = readings.seen == 1
    counts = readings.counts[whole][-structure.usual_years :]
    recorded = counts.sum(axis=(1, 2)) > 0
    return float(shares(cells, counts[recorded]).mean()) if recorded.any() else 0.0


@frozen
class TypicalRow:
    """The row that a signpost's act would leave.

    Attributes
    ----------
    intensity : float
        Median of the past rows that its rule would have counted, -10 to 10; the middle of its limits where there is
        none.
    is_space : bool
        Whether most of these lie in a space domain; without any, whether its rule names nothing else.
    past : int
        Rows that this rests on.
    """

    intensity: float
    is_space: bool
    past: int

    @classmethod
    def of(cls, signpost: Signpost, events: Iterable[Event]) -> "TypicalRow":
        """From the ledger."""
        rows = [event for event in events if signpost.rule.matches(event)]
        if rows:
            spread = np.array([(event.intensity, event.is_space) for event in rows], dtype=float)
            return cls(
                intensity=float(np.median(spread[:, 0])), is_space=bool(spread[:, 1].mean() >= 0.5), past=len(rows)
            )
        cells, intensities = countable(signpost), np.arange(-INTENSITY_LIMIT, INTENSITY_LIMIT + 1)
        bands = np.digitize(intensities, MEASUREMENT.band_edges)
        allowed = intensities[(cells.max(axis=0)[bands] > 0)]
        rule = signpost.rule
        inside = allowed[(allowed >= rule.min_intensity) & (allowed <= rule.max_intensity)]
        return cls(intensity=float(np.median(inside)), is_space=not cells[0].any(), past=0)
