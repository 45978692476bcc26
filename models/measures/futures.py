"""Simulated years labelled by the outcome rule, the chance of a break act in closed form; and whole ledgers of them."""

from typing import NamedTuple, Self

import numpy as np

from data.values import frozen
from models.measures.law import ReadingLaw
from models.measures.readings import Readings
from models.measures.structure import MEASUREMENT
from models.names import HORIZONS, STATES, Scenario
from models.outcome.rule import RULE, mean_where_known, tone
from models.storage.arrays import Arrays

LEDGERS = 2
"""Simulated ledgers that a draw keeps whole."""
RUPTURE, DEEPER = Scenario.RUPTURE.code, Scenario.DEEPER.code


@frozen(eq=False)
class SimulatedYears:
    """Years after the reference date.

    Attributes
    ----------
    calm : ndarray, shape (sample, path, year)
        Mean intensity of the readings, without a break act.
    shaken : ndarray, same shape
        The same with a break act among them.
    hazard : ndarray, same shape
        Chance of a break act.
    broken : ndarray of bool, same shape
        Whether one was simulated.
    """

    calm: np.ndarray
    shaken: np.ndarray
    hazard: np.ndarray
    broken: np.ndarray

    @classmethod
    def of(
        cls,
        calm: np.ndarray,
        hazard: np.ndarray,
        break_readings: float,
        rng: np.random.Generator,
        number: int | np.ndarray = MEASUREMENT.simulated_readings,
    ) -> Self:
        """With break acts drawn, each weighing as much as `break_readings` of a year's `number` of readings."""
        broken = rng.random(hazard.shape) < hazard
        return cls(calm=calm, shaken=with_break_act(calm, break_readings, number), hazard=hazard, broken=broken)

    @property
    def means(self) -> np.ndarray:
        """Mean intensity with the break acts that were simulated."""
        return np.where(self.broken, self.shaken, self.calm)

    @property
    def each_path(self) -> "SimulatedYears":
        """Every path as a sample of its own."""
        return SimulatedYears(
            **{name: getattr(self, name).reshape(-1, 1, self.calm.shape[-1]) for name in self.__slots__}
        )

    def part(self, years: slice) -> "SimulatedYears":
        """Some years only."""
        return SimulatedYears(**{name: getattr(self, name)[..., years] for name in self.__slots__})


def with_break_act(
    calm: np.ndarray, break_readings: float, number: int | np.ndarray = MEASUREMENT.simulated_readings
) -> np.ndarray:
    """Mean of simulated years once a break act is among their readings."""
    return (number * calm + break_readings * MEASUREMENT.break_intensity_value) / (number + break_readings)


def outcome_shares(before: np.ndarray, years: SimulatedYears) -> Arrays:
    """Probabilities of the targets for each sample: means over its paths of the chances given path and readings.

    A break act is rare, and as a simulated flag it would make most of the scatter of a rare state's probability.
    Instead each path is labelled once for every year that may see its first break act, and once without any; the
    labels are weighed with the chances of that. Only what follows a first act takes the simulated flags.

    Parameters
    ----------
    before : ndarray, shape (..., memory_years - 1)
        Means of the years before the simulated ones.

    Returns
    -------
    dict
        ``state_probability`` (sample, horizon, state): A; ``any_rupture``, ``any_deeper`` (sample, horizon): B and C.
    """
    horizons, calm = years.calm.shape[-1], _tone_codes(before, years.calm, 0)
    survival = np.cumprod(1 - years.hazard, axis=-1)
    earlier = np.concatenate([np.ones_like(survival[..., :1]), survival[..., :-1]], axis=-1)
    parts = [(survival[..., -1], calm)]
    parts += [((earlier * years.hazard)[..., at], _after_a_break(before, years, calm, at)) for at in range(horizons)]
    state = [sum(_share(weight, codes == code) for weight, codes in parts) for code in range(len(STATES))]
    ever = {code: sum(_share(weight, _ever(codes, code)) for weight, codes in parts) for code in (RUPTURE, DEEPER)}
    return {"state_probability": np.stack(state, axis=-1), "any_rupture": ever[RUPTURE], "any_deeper": ever[DEEPER]}


def _share(weight: np.ndarray, holds: np.ndarray) -> np.ndarray:
    """Mean over paths of what holds, shape (sample, year), by the paths' weights (sample, path)."""
    return np.einsum("sp,spy->sy", weight, holds) / weight.shape[1]


def _ever(codes: np.ndarray, code: int) -> np.ndarray:
    """Whether a state has been held by each year, shape of `codes`."""
    return np.logical_or.accumulate(codes == code, axis=-1)


def _after_a_break(before: np.ndarray, years: SimulatedYears, calm: np.ndarray, first: int) -> np.ndarray:
    """Codes of paths whose first break act lies in one year; later years have those that were simulated."""
    at = np.arange(calm.shape[-1])
    broken = (at == first) | ((at > first) & years.broken)
    means = np.where(broken, years.shaken, years.calm)
    codes = np.concatenate([calm[..., : first + 1], _tone_codes(before, means, first + 1)], axis=-1)
    return np.where(broken, RUPTURE, codes)


def _tone_codes(before: np.ndarray, means: np.ndarray, start: int) -> np.ndarray:
    """Codes (int8) of simulated year-ends from one on by their tone alone, shape (sample, path, year - start)."""
    whole = np.concatenate([np.broadcast_to(before, (*means.shape[:2], before.shape[-1])), means], axis=-1)
    memory, steps = RULE.memory_years, range(start, means.shape[-1])
    codes = [np.digitize(tone(whole[..., step : step + memory]), RULE.cuts) for step in steps]
    return np.stack(codes, axis=-1).astype(np.int8) if codes else np.zeros((*means.shape[:2], 0), dtype=np.int8)


@frozen(eq=False)
class Ledgers:
    """Whole simulated ledgers of some draws.

    Attributes
    ----------
    counts : ndarray of uint8, shape (sample, ledger, year, domain, band)
        Readings, without break acts.
    broken : ndarray of bool, shape (sample, ledger, year)
    """

    counts: np.ndarray
    broken: np.ndarray

    def year_means(self, band_values: np.ndarray, break_readings: float) -> np.ndarray:
        """The year's own mean under the rule, float32, shape (sample, ledger, year).

        Parameters
        ----------
        band_values : ndarray, shape (band,)
            Mean intensity of each band.
        break_readings : float
            Readings that weigh as much as a break act.
        """
        number = self.counts.sum(axis=(-2, -1))
        calm = (self.counts.sum(axis=-2) @ band_values) / number
        return np.where(self.broken, with_break_act(calm, break_readings, number), calm).astype(np.float32)

    @property
    def flat(self) -> tuple[np.ndarray, np.ndarray]:
        """Counts (sample, cell) and break flags (sample, ledger * year) as uint8, to be stored."""
        size = len(self.counts)
        return self.counts.reshape(size, -1), self.broken.reshape(size, -1).astype(np.uint8)

    @classmethod
    def of_flat(cls, counts: np.ndarray, broken: np.ndarray) -> Self:
        """`flat` undone."""
        years = (len(counts), LEDGERS, len(HORIZONS))
        return cls(counts=counts.reshape(*years, 2, MEASUREMENT.bands), broken=broken.reshape(years).astype(bool))


def written_counts(law: ReadingLaw, readings: Readings, location: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Readings of simulated years by domain and band, uint8, shape (sample, path, year, domain, band).

    Parameters
    ----------
    location : ndarray, shape (sample, path, year)
    """
    sample, path, year = location.shape
    chances = law.band_chances(location.reshape(sample, -1)).reshape(sample, path, year, 2, -1)
    space = rng.binomial(MEASUREMENT.simulated_readings, readings.space_share, location.shape)
    number = np.stack([MEASUREMENT.simulated_readings - space, space], axis=-1)
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
        kept = {name: arrays[name] for name in ("counts", "broken", "future")}
        probabilities = {name: values for name, values in arrays.items() if name not in kept}
        return cls(
            probabilities=probabilities,
            ledgers=Ledgers(counts=kept["counts"], broken=kept["broken"]),
            future=kept["future"],
        )
