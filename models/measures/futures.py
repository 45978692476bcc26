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


def outcome_shares(before: np.ndarray, years: SimulatedYears, rng: np.random.Generator) -> Arrays:
    """Probabilities of the targets for each sample: means over its paths of the chances given path and readings.

    A break act is rare, and as a simulated flag it would make most of the scatter of a rare state's probability.
    Instead each path is labelled twice for every horizon: without any break act before it, and with a first one in an
    earlier year drawn from where it would lie. The two are weighed with their chances, and the horizon's own year is
    rupture with its hazard.

    Parameters
    ----------
    before : ndarray, shape (..., memory_years - 1)
        Means of the years before the simulated ones.

    Returns
    -------
    dict
        ``state_probability`` (sample, horizon, state): A; ``any_rupture``, ``any_deeper`` (sample, horizon): B and C.
    """
    calm, survival = _tone_codes(before, years.calm), np.cumprod(1 - years.hazard, axis=-1)
    state, rupture, deeper = [], [], []
    for year in range(calm.shape[-1]):
        unbroken = survival[..., year - 1] if year else np.ones(calm.shape[:2])
        earlier = _after_a_break(before, years, survival, year, rng) if year else calm[..., :1]
        hazard = years.hazard[..., year]
        parts = [(unbroken, calm[..., : year + 1], False), (1 - unbroken, earlier, True)]
        state.append(_state_chances(parts, hazard))
        rupture.append(sum(weight * _ever(codes, hazard, RUPTURE, broken) for weight, codes, broken in parts))
        deeper.append(sum(weight * _ever(codes, hazard, DEEPER, broken) for weight, codes, broken in parts))
    return {
        "state_probability": np.stack([chances.mean(axis=1) for chances in state], axis=1),
        "any_rupture": np.stack([chances.mean(axis=1) for chances in rupture], axis=1),
        "any_deeper": np.stack([chances.mean(axis=1) for chances in deeper], axis=1),
    }


type _Part = tuple[np.ndarray, np.ndarray, bool]
"""Chance, codes by the tone up to the horizon, and whether an earlier year held a break act."""


def _state_chances(parts: list[_Part], hazard: np.ndarray) -> np.ndarray:
    """Chances of the states at the codes' last year, shape (sample, path, state)."""
    chances = np.zeros((*hazard.shape, len(STATES)))
    for weight, codes, _ in parts:
        chances += (weight * (1 - hazard))[..., None] * (codes[..., -1:] == np.arange(len(STATES)))
    chances[..., RUPTURE] += hazard
    return chances


def _ever(codes: np.ndarray, hazard: np.ndarray, code: int, broken: bool) -> np.ndarray:
    """Chance of having been in a state by the codes' last year, shape (sample, path)."""
    already = (codes[..., :-1] == code).any(axis=-1)
    if code == RUPTURE:
        now = hazard + (1 - hazard) * (codes[..., -1] == code)
        return np.where(already | broken, 1.0, now)
    return np.where(already, 1.0, (1 - hazard) * (codes[..., -1] == code))


def _after_a_break(
    before: np.ndarray, years: SimulatedYears, survival: np.ndarray, year: int, rng: np.random.Generator
) -> np.ndarray:
    """Codes up to a year of the paths whose first break act lies in one of the years before it.

    Years of a break act are rupture; which year is first is drawn from its law given that there is one.
    """
    passed = 1 - survival[..., :year]
    drawn = rng.random(passed.shape[:2]) * passed[..., -1]
    first = (drawn[..., None] > passed[..., :-1]).sum(axis=-1)
    at = np.arange(year + 1)
    broken = (at == first[..., None]) | ((at > first[..., None]) & years.broken[..., : year + 1])
    broken[..., year] = False
    means = np.where(broken, years.shaken[..., : year + 1], years.calm[..., : year + 1])
    return np.where(broken, RUPTURE, _tone_codes(before, means))


def _tone_codes(before: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Codes (int8) of simulated year-ends by their tone alone, shape of `means`."""
    whole = np.concatenate([np.broadcast_to(before, (*means.shape[:2], before.shape[-1])), means], axis=-1)
    memory = RULE.memory_years
    codes = [np.digitize(tone(whole[..., step : step + memory]), RULE.cuts) for step in range(means.shape[-1])]
    return np.stack(codes, axis=-1).astype(np.int8)


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
