"""How far two codings of the same row agree: Krippendorff's alpha by column, domain and search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from data.readings import CODED, SEARCHES, Reading
from data.values import frozen
from data.vocabulary import DOMAINS

METRICS: Mapping[str, str] = {name: "interval" if name == "intensity" else "nominal" for name in CODED}
"""Steps of intensity are counted as equal; a code is right or wrong."""
RESAMPLES = 1000
"""Rows drawn again this often: the ends of an interval are then known within about a hundredth of alpha."""
SEED = 13
LEVEL = 0.95
FEWEST_ROWS = 10
"""A group with fewer rows has no alpha of its own here: one row more or less would decide it."""
LARGE_GAP = 3
"""Steps of intensity from which on the rules of the codebook decided between two codings."""
EVERYTHING = "all rows"


@frozen
class Agreement:
    """Krippendorff's alpha of one column among some rows.

    Attributes
    ----------
    column : str
        One of `data.readings.CODED`.
    group, member : str
        What the rows were chosen by (`EVERYTHING`, `domain` or `search`), and their value of it.
    rows : int
        Rows that were read twice.
    alpha : float or None
        1 is perfect agreement, 0 what chance gives; None where nothing varies.
    low, high : float or None
        Ends of the central 95 % of resamples of the rows.
    """

    column: str
    group: str
    member: str
    rows: int
    alpha: float | None
    low: float | None
    high: float | None


@frozen
class Closeness:
    """How close the two intensities of a row lie.

    Attributes
    ----------
    exact, within_one : float
        Shares of the rows.
    mean, sd : float
        Of the second intensity minus the first.
    """

    rows: int
    exact: float
    within_one: float
    mean: float
    sd: float


def read_twice(readings: Sequence[Reading]) -> list[Reading]:
    """Rows with two codings: only these say anything about agreement."""
    return [reading for reading in readings if not reading.read_once]


def agreements(readings: Sequence[Reading], seed: int = SEED) -> tuple[Agreement, ...]:
    """Alpha of every column, over all rows that were read twice and within each domain and search.

    A domain's rows are those that the first coding puts there; agreement on the domain itself within one domain would
    say nothing, and is left out. Rows read once are left out.

    Parameters
    ----------
    seed : int
        Of the resamples.
    """
    both = read_twice(readings)
    groups: list[tuple[str, str, list[Reading]]] = [(EVERYTHING, "", both)]
    groups += [("domain", name, [one for one in both if one.first.domain == name]) for name in DOMAINS]
    groups += [("search", name, [one for one in both if one.search == name]) for name in SEARCHES]
    rng = np.random.default_rng(seed)
    found: list[Agreement] = []
    for group, member, rows in groups:
        if len(rows) >= FEWEST_ROWS:
            counts = rng.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=RESAMPLES).astype(float)
            found += [_agreement(column, (group, member), rows, counts) for column in CODED if column != group]
    return tuple(found)


def alpha(codes: np.ndarray, metric: str) -> float | None:
    """Krippendorff's alpha of some codings, by the package `krippendorff`.

    Parameters
    ----------
    codes : ndarray of float, shape (coder, row)
    metric : str
        ``interval`` or ``nominal``.

    Returns
    -------
    float or None
        None where all codes are the same: there is nothing to agree about.

    References
    ----------
    Krippendorff, Content Analysis: An Introduction to Its Methodology, 4th edition (2019), chapter 12.
    """
    import krippendorff

    if np.unique(codes).size < 2:
        return None
    return float(krippendorff.alpha(reliability_data=codes, level_of_measurement=metric))


def resampled_alphas(codes: np.ndarray, metric: str, counts: np.ndarray) -> np.ndarray:
    """Alpha of two codings under many resamples of the rows at once, in closed form.

    For two coders without gaps alpha is one minus the mean squared difference within rows over that among all codes;
    a nominal code is a corner of a simplex, where unequal codes lie equally far apart.

    Parameters
    ----------
    codes : ndarray of float, shape (2, row)
    metric : str
        ``interval`` or ``nominal``.
    counts : ndarray of float, shape (resample, row)
        How often each row was drawn.

    Returns
    -------
    ndarray of float, shape (resample,)
        NaN where a resample holds one code only.
    """
    values = np.unique(codes)
    points = codes[..., None] if metric == "interval" else (codes[..., None] == values).astype(float)
    drawn = counts.sum(axis=1)
    within = counts @ ((points[0] - points[1]) ** 2).sum(axis=-1) / drawn
    squares = counts @ (points**2).sum(axis=(0, 2))
    spread = squares - ((counts @ points.sum(axis=0)) ** 2).sum(axis=1) / (2 * drawn)
    among = 2 * spread / (2 * drawn - 1)
    return 1 - np.divide(within, among, out=np.full(len(counts), np.nan), where=among > 0)


def closeness(readings: Sequence[Reading]) -> Closeness:
    """Exact and near agreement of the intensities, of rows that were read twice."""
    gaps = np.array([gap(reading) for reading in read_twice(readings)], dtype=float)
    return Closeness(
        rows=gaps.size,
        exact=float(np.mean(gaps == 0)),
        within_one=float(np.mean(np.abs(gaps) <= 1)),
        mean=float(gaps.mean()),
        sd=float(gaps.std(ddof=1)),
    )


def disagreements(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Rows whose intensities lie three or more apart or differ in sign, the widest gap first."""
    apart = [one for one in read_twice(readings) if abs(gap(one)) >= LARGE_GAP or _opposed(one)]
    return tuple(sorted(apart, key=lambda one: (-abs(gap(one)), one.id)))


def gap(reading: Reading) -> int:
    """Second intensity minus the first, of a row that was read twice."""
    return reading.second.intensity - reading.first.intensity


def _opposed(reading: Reading) -> bool:
    return reading.first.intensity * reading.second.intensity < 0


def _agreement(column: str, chosen: tuple[str, str], rows: Sequence[Reading], counts: np.ndarray) -> Agreement:
    codes, metric = _codes(column, rows), METRICS[column]
    point, low, high = alpha(codes, metric), None, None
    if point is not None:
        tails = (1 - LEVEL) / 2
        low, high = np.nanquantile(resampled_alphas(codes, metric, counts), [tails, 1 - tails]).tolist()
    return Agreement(column=column, group=chosen[0], member=chosen[1], rows=len(rows), alpha=point, low=low, high=high)


def _codes(column: str, rows: Sequence[Reading]) -> np.ndarray:
    pairs = [[getattr(coding, column) for coding in (row.first, row.second)] for row in rows]
    if column == "intensity":
        return np.array(pairs, dtype=float).T
    return np.unique(np.array(pairs), return_inverse=True)[1].reshape(len(rows), 2).T.astype(float)
