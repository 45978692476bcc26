"""The ledger as the latent-alignment model reads it: band compositions per year, nearly free of recording depth."""

import numpy as np

from data.days import last_whole_year
from data.types import Evidence
from data.values import frozen
from models.measures.structure import ALIGNMENT, MEASUREMENT
from models.measures.year_so_far import YearSoFar, share_passed
from models.names import HORIZONS
from models.outcome.rule import RULE, OutcomeRule, yearly_readings

RECENT_YEARS = 10


@frozen
class Readings:
    """What the likelihood and the simulator need of the ledger.

    An act counts by the weight that the outcome rule gives it: the mean of a year's readings is then the rule's mean.

    Attributes
    ----------
    years : ndarray of int, shape (year,)
    counts : ndarray of float, shape (year, domain, band)
        Weights of non-context events short of a break act, domain 0 other, 1 space, scaled so that each year sums to
        the number of its readings.
    breaks : ndarray of bool, shape (year,)
        Whether a break act was recorded. A yearly yes or no: acts this grave are recorded in every era.
    band_values : ndarray of float, shape (band,)
        Weighted mean intensity of the ledger's events in each band.
    space_share : float
        Mean yearly share of space in the readings of the last ten years with events.
    recent_means : ndarray of float, shape (memory_years - 1,)
        Yearly mean intensities that the outcome rule will still remember at horizon 1.
    break_readings : float
        Readings of a median year that weigh as much as a break act.
    seen : ndarray of float, shape (year,)
        Share of each year that the ledger covers: 1, but for a last year that has not ended.
    so_far : YearSoFar or None
        The last year, where it has not ended; it is the first that is simulated then.
    """

    years: np.ndarray
    counts: np.ndarray
    breaks: np.ndarray
    band_values: np.ndarray
    space_share: float
    recent_means: np.ndarray
    break_readings: float
    seen: np.ndarray
    so_far: YearSoFar | None = None

    @property
    def simulated(self) -> int | np.ndarray:
        """Readings that each simulated year gives, at least one; the rest of a year as its share."""
        whole = MEASUREMENT.simulated_readings
        if self.so_far is None:
            return whole
        return np.array([max(1, round(whole * (1 - self.so_far.share))), *(whole for _ in HORIZONS)])


def read_ledger(evidence: Evidence, rule: OutcomeRule = RULE) -> Readings:
    """Band the visible ledger by year and domain."""
    first, last = ALIGNMENT.first_year, evidence.as_of.year
    years = np.arange(first, last + 1)
    events = [event for event in evidence.events if not event.is_context and first <= event.year <= last]
    weighed = [event for event in events if not rule.is_break(event) and rule.weight(event) > 0]
    weights = np.array([rule.weight(event) for event in weighed])
    at = np.array([event.year - first for event in weighed], dtype=int)
    raw = np.zeros((years.size, 2, MEASUREMENT.bands))
    domains = np.array([event.is_space for event in weighed], dtype=int)
    bands = np.digitize([event.intensity for event in weighed], MEASUREMENT.band_edges)
    np.add.at(raw, (at, domains, bands), weights)
    squares = np.bincount(at, weights=np.square(weights), minlength=years.size)
    seen, mass = np.where(years < last, 1.0, share_passed(evidence.as_of)), raw.sum(axis=(1, 2))
    scale = reading_scale(mass, squares, MEASUREMENT.effective_readings * seen)
    counts = raw * scale[:, None, None]
    whole = slice(None, last_whole_year(evidence.as_of) - first + 1)
    reading = _median_reading(mass[whole], squares[whole])
    means, breaks = yearly_readings(events, first, last, rule)
    intensities = np.array([event.intensity for event in weighed], dtype=float)
    return Readings(
        years=years,
        counts=counts,
        breaks=breaks,
        band_values=_band_values(bands, weights * scale[at], intensities),
        space_share=_space_share(counts[whole]),
        recent_means=means[whole][-(rule.memory_years - 1) :],
        break_readings=_break_readings(reading, rule),
        seen=seen,
        so_far=YearSoFar.of(evidence, rule, reading or 1.0),
    )


def reading_scale(mass: np.ndarray, squares: np.ndarray, most: np.ndarray | float) -> np.ndarray:
    """Readings per unit of weight: as many readings as equal weights would give, at most `most`.

    Kish, Survey Sampling (1965): weights ``w`` say as much as ``(sum w)^2 / sum w^2`` equal ones.

    Parameters
    ----------
    mass, squares : ndarray, shape (year,)
        Sum of the weights and of their squares.
    most : float or ndarray, shape (year,)

    Returns
    -------
    ndarray, shape (year,)
        0 for a year without weight.
    """
    seen = mass > 0
    effective = np.divide(np.square(mass), squares, out=np.zeros_like(mass), where=seen)
    return np.divide(np.minimum(effective, most), mass, out=np.zeros_like(mass), where=seen)


def _median_reading(mass: np.ndarray, squares: np.ndarray) -> float | None:
    """Weight of a reading in the median year; None of a ledger without weights."""
    seen = mass > 0
    return float(np.median(squares[seen] / mass[seen])) if seen.any() else None


def _break_readings(reading: float | None, rule: OutcomeRule) -> float:
    """Weight of a break act outside space over that of a reading; 1 for a ledger without weights."""
    act = rule.other_weight * rule.severity(MEASUREMENT.break_intensity_value)
    return 1.0 if reading is None else float(act / reading)


def _band_values(bands: np.ndarray, shares: np.ndarray, intensities: np.ndarray) -> np.ndarray:
    """Mean intensity per band, events with their shares of their years' readings; its middle where there are none."""
    total = np.bincount(bands, weights=shares * intensities, minlength=MEASUREMENT.bands)
    weight = np.bincount(bands, weights=shares, minlength=MEASUREMENT.bands)
    inner = MEASUREMENT.band_edges
    edges = np.concatenate([[inner[0] - 2.0], inner, [inner[-1] + 2.0]])
    middles = (edges[:-1] + edges[1:]) / 2
    return np.divide(total, weight, out=middles, where=weight > 0)


def _space_share(counts: np.ndarray) -> float:
    totals = counts.sum(axis=2)
    seen = totals.sum(axis=1) > 0
    recent = totals[seen][-RECENT_YEARS:]
    return float((recent[:, 1] / recent.sum(axis=1)).mean()) if seen.any() else 0.5
