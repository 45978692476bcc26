"""Whole simulated ledgers: their readings by year, domain and band, break flags, and the years' means that follow."""

from dataclasses import replace
from typing import NamedTuple, Self

import numpy as np

from data.values import frozen
from models.measures.futures import SimulatedYears, with_break_act
from models.measures.law import ReadingLaw
from models.measures.readings import Readings
from models.measures.structure import MEASUREMENT
from models.measures.year_so_far import whole_year
from models.names import HORIZONS
from models.outcome.rule import RULE, mean_where_known
from models.storage.arrays import Arrays

LEDGERS = 2
"""Simulated ledgers that a draw keeps whole."""
BEGUN = ("weight", "mean", "broken", "row")
"""What a stored scale holds of a year that has begun."""


@frozen
class Scale:
    """What turns a simulated ledger's counts into years' means.

    Attributes
    ----------
    band_values : ndarray, shape (band,)
        Mean intensity of each band.
    break_readings : float
        Readings that weigh as much as a break act.
    number : float
        Readings of a simulated whole year.
    weight, mean, broken, row : float
        Of the year that has begun, as in `models.measures.year_so_far.YearSoFar`; 0 where none has.
    """

    band_values: np.ndarray
    break_readings: float
    number: float
    weight: float = 0.0
    mean: float = 0.0
    broken: float = 0.0
    row: float = 0.0

    @classmethod
    def of(cls, readings: Readings) -> Self:
        """Of the ledger that was continued."""
        begun = readings.so_far
        more = {name: float(getattr(begun, name)) for name in BEGUN} if begun else {}
        number = float(MEASUREMENT.simulated_readings)
        return cls(band_values=readings.band_values, break_readings=readings.break_readings, number=number, **more)

    def stored(self, *, begun: bool) -> np.ndarray:
        """As it is stored: the bands, then the other numbers, those of a year that has begun only where one has."""
        more = (getattr(self, name) for name in BEGUN) if begun else ()
        return np.array([*self.band_values, self.break_readings, self.number, *more])

    @classmethod
    def read(cls, stored: np.ndarray) -> Self:
        """`stored` undone."""
        bands, (act, number, *begun) = stored[: MEASUREMENT.bands], map(float, stored[MEASUREMENT.bands :])
        more = dict(zip(BEGUN, begun, strict=True)) if begun else {}
        return cls(band_values=bands, break_readings=act, number=number, **more)

    def whole(self, mean: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As `models.measures.year_so_far.YearSoFar.whole`."""
        return whole_year((self.weight, self.mean), mean, rows * self.row)


@frozen(eq=False)
class Ledgers:
    """Whole simulated ledgers of some draws.

    Attributes
    ----------
    counts : ndarray of uint8, shape (sample, ledger, year, domain, band)
        Readings, without break acts; of a year that has begun, those of the rows still to come.
    broken : ndarray of bool, shape (sample, ledger, year)
    rows : ndarray of uint8, shape (sample, ledger), or None
        Rows still to come in the first year, where that has begun at the reference date.
    """

    counts: np.ndarray
    broken: np.ndarray
    rows: np.ndarray | None = None

    def year_means(self, scale: Scale) -> np.ndarray:
        """The year's own mean under the rule, float32, shape (sample, ledger, year)."""
        number = self.counts.sum(axis=(-2, -1))
        calm = (self.counts.sum(axis=-2) @ scale.band_values) / number
        act = np.full(calm.shape[-1], scale.break_readings)
        if self.rows is not None:
            number = number.astype(float)
            calm[..., 0], number[..., 0] = scale.whole(calm[..., 0], self.rows)
            act[0] *= not scale.broken
        return np.where(self.broken, with_break_act(calm, act, number), calm).astype(np.float32)

    @property
    def flat(self) -> Arrays:
        """Counts (sample, cell), break flags (sample, ledger * year) and rows (sample, ledger), uint8, to be stored."""
        size = len(self.counts)
        rows = {} if self.rows is None else {"rows": self.rows}
        return {
            "counts": self.counts.reshape(size, -1),
            "broken": self.broken.reshape(size, -1).astype(np.uint8),
            **rows,
        }

    @classmethod
    def of_flat(cls, counts: np.ndarray, broken: np.ndarray, rows: np.ndarray | None = None) -> Self:
        """`flat` undone."""
        years = (len(counts), LEDGERS, broken.shape[1] // LEDGERS)
        cells = counts.reshape(*years, 2, MEASUREMENT.bands)
        return cls(counts=cells, broken=broken.reshape(years).astype(bool), rows=rows)


def written_counts(law: ReadingLaw, readings: Readings, location: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Readings of simulated years by domain and band, uint8, shape (sample, path, year, domain, band).

    Parameters
    ----------
    location : ndarray, shape (sample, path, year)
    """
    sample, path, year = location.shape
    chances = law.band_chances(location.reshape(sample, -1)).reshape(sample, path, year, 2, -1)
    space = rng.binomial(readings.simulated, readings.space_share, location.shape)
    number = np.stack([readings.simulated - space, space], axis=-1)
    return rng.multinomial(number, chances / chances.sum(axis=-1, keepdims=True)).astype(np.uint8)


def ledger_means(counts: np.ndarray, breaks: np.ndarray, readings: Readings) -> np.ndarray:
    """Mean intensity of years, as `models.outcome.rule.yearly_readings` finds it; NaN without a reading.

    Parameters
    ----------
    counts : ndarray, shape (year, domain, band)
        Readings.
    breaks : ndarray of bool, shape (year,)
    readings : Readings
        Gives the bands' values and the weight of a break act.
    """
    act = readings.break_readings * breaks
    total = counts.sum(axis=1) @ readings.band_values + act * MEASUREMENT.break_intensity_value
    return mean_where_known(total, counts.sum(axis=(1, 2)) + act)


def rewritten(readings: Readings, counts: np.ndarray, breaks: np.ndarray) -> Readings:
    """The same years with other content, as a model wrote it: each reading of the year that has begun is a row then.

    Parameters
    ----------
    counts : ndarray, shape (year, domain, band)
        Whole readings.
    breaks : ndarray of bool, shape (year,)
    """
    means, begun = ledger_means(counts, breaks, readings), readings.so_far
    if begun is not None:
        number, broken, mean = float(counts[-1].sum()), bool(breaks[-1]), float(np.nan_to_num(means[-1]))
        weight = number + readings.break_readings * broken
        begun = replace(begun, rows=round(number) + broken, weight=weight, mean=mean, broken=broken)
        means = means[:-1]
    recent = means[-(RULE.memory_years - 1) :]
    return replace(readings, counts=counts, breaks=breaks, recent_means=recent, so_far=begun)


class SimulatedForecast(NamedTuple):
    """What simulated futures say of draws.

    Attributes
    ----------
    probabilities : Arrays
        As `outcome_shares`.
    ledgers : Ledgers
        `LEDGERS` a draw.
    future : ndarray, shape (sample, horizon)
        One latent continuation a draw (M1), or its regimes' location (M3).
    """

    probabilities: Arrays
    ledgers: Ledgers
    future: np.ndarray

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """From arrays by name, those of the ledgers and of the future among the probabilities'."""
        kept = {name: arrays[name] for name in ("counts", "broken", "rows", "future") if name in arrays}
        probabilities = {name: values for name, values in arrays.items() if name not in kept}
        future = kept.pop("future")
        return cls(probabilities=probabilities, ledgers=Ledgers(**kept), future=future)


class Futures(NamedTuple):
    """Simulated futures of some draws.

    Attributes
    ----------
    years : SimulatedYears
    rows : ndarray of uint8, shape (sample, path), or None
        Rows still to come of the year that has begun.
    latent : ndarray, shape (sample, path, year)
        Alignment (M1) or location (M3).
    """

    years: SimulatedYears
    rows: np.ndarray | None
    latent: np.ndarray


def kept_futures(futures: Futures, counts: np.ndarray) -> Arrays:
    """What `SimulatedForecast` keeps beside the probabilities: a few ledgers a draw, and one latent continuation, of
    whole years alone.

    Parameters
    ----------
    counts : ndarray, shape (sample, ledger, year, domain, band)
    """
    more = {} if futures.rows is None else {"rows": futures.rows[:, :LEDGERS]}
    future = futures.latent[:, 0, -len(HORIZONS) :]
    return {"counts": counts, "broken": futures.years.broken[:, :LEDGERS], **more, "future": future}
