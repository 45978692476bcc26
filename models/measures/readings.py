"""The ledger as the latent-alignment model reads it: band compositions per year, free of recording density."""

from collections import Counter

import numpy as np

from data.types import Event, Evidence
from data.values import frozen
from models.measures.structure import ALIGNMENT, MEASUREMENT
from models.outcome.rule import RULE, yearly_readings

RECENT_YEARS = 10


@frozen
class Readings:
    """What the likelihood and the simulator need of the ledger.

    Attributes
    ----------
    years : ndarray of int, shape (year,)
    counts : ndarray of float, shape (year, domain, band)
        Non-context events short of a break act, domain 0 other, 1 space, scaled so that no year sums to more than
        ``effective_readings``.
    breaks : ndarray of bool, shape (year,)
        Whether a break act was recorded. A yearly yes or no: acts this grave are recorded in every era.
    band_values : ndarray of float, shape (band,)
        Mean intensity of the ledger's events in each band.
    space_share : float
        Mean yearly share of space events over the last ten years with events.
    recent_means : ndarray of float, shape (memory_years - 1,)
        Yearly mean intensities that the outcome rule will still remember at horizon 1.
    """

    years: np.ndarray
    counts: np.ndarray
    breaks: np.ndarray
    band_values: np.ndarray
    space_share: float
    recent_means: np.ndarray


def read_ledger(evidence: Evidence) -> Readings:
    """Band the visible ledger by year and domain."""
    first, last = ALIGNMENT.first_year, evidence.as_of.year
    years = np.arange(first, last + 1)
    events = [event for event in evidence.events if not event.is_context and first <= event.year <= last]
    raw = np.zeros((years.size, 2, MEASUREMENT.bands))
    for event in events:
        if not RULE.is_break(event):
            raw[event.year - first, int(event.is_space), _band(event)] += 1
    means, breaks = yearly_readings(events, first, last)
    return Readings(
        years=years,
        counts=effective_counts(raw, MEASUREMENT.effective_readings),
        breaks=breaks,
        band_values=_band_values(events),
        space_share=_space_share(raw),
        recent_means=means[-(RULE.memory_years - 1) :],
    )


def effective_counts(raw: np.ndarray, most: int) -> np.ndarray:
    """Scale each year's counts down to at most `most` readings, keeping its composition.

    Parameters
    ----------
    raw : ndarray, shape (year, domain, band)
    """
    totals = raw.sum(axis=(1, 2), keepdims=True)
    return raw * np.minimum(1.0, most / np.maximum(totals, 1.0))


def _band(event: Event) -> int:
    return int(np.digitize(event.intensity, MEASUREMENT.band_edges))


def _band_values(events: list[Event]) -> np.ndarray:
    """Mean intensity per band, a dense year's events counting together as ``effective_readings``."""
    readings = [event for event in events if not RULE.is_break(event)]
    yearly = Counter(event.year for event in readings)
    total, weight = np.zeros(MEASUREMENT.bands), np.zeros(MEASUREMENT.bands)
    for event in readings:
        share = min(1.0, MEASUREMENT.effective_readings / yearly[event.year])
        total[_band(event)] += share * event.intensity
        weight[_band(event)] += share
    inner = MEASUREMENT.band_edges
    edges = np.concatenate([[inner[0] - 2.0], inner, [inner[-1] + 2.0]])
    middles = (edges[:-1] + edges[1:]) / 2
    return np.divide(total, weight, out=middles, where=weight > 0)


def _space_share(raw: np.ndarray) -> float:
    totals = raw.sum(axis=2)
    seen = totals.sum(axis=1) > 0
    recent = totals[seen][-RECENT_YEARS:]
    return float((recent[:, 1] / recent.sum(axis=1)).mean()) if seen.any() else 0.5
