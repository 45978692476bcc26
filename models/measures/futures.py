"""Simulated years labelled by the outcome rule, the chance of a break act in closed form."""

from typing import Self

import numpy as np

from data.values import frozen
from models.measures.readings import Readings
from models.measures.structure import MEASUREMENT
from models.names import STATES, Scenario
from models.outcome.rule import RULE, tone
from models.storage.arrays import Arrays

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
        break_readings: float | np.ndarray,
        rng: np.random.Generator,
        number: int | np.ndarray = MEASUREMENT.simulated_readings,
    ) -> Self:
        """With break acts drawn, each weighing as much as `break_readings` of a year's `number` of readings."""
        broken = rng.random(hazard.shape) < hazard
        return cls(calm=calm, shaken=with_break_act(calm, break_readings, number), hazard=hazard, broken=broken)

    @classmethod
    def after(
        cls, calm: np.ndarray, hazard: np.ndarray, readings: Readings, rng: np.random.Generator
    ) -> tuple[Self, np.ndarray | None]:
        """Of the reference date: whole years, and before them the rest of one that has begun.

        Parameters
        ----------
        calm, hazard : ndarray, shape (sample, path, year)
            As the law has them of whole years; of the first the mean is that of the rows still to come.

        Returns
        -------
        years : SimulatedYears
        rows : ndarray of uint8, shape (sample, path), or None
            Rows still to come of the year that has begun.
        """
        begun, act = readings.so_far, readings.break_readings
        if begun is None:
            return cls.of(calm, hazard, act, rng), None
        rows = begun.rows_to_come(rng.spawn(1)[0], calm.shape[:2])
        number = np.full(calm.shape, float(MEASUREMENT.simulated_readings))
        calm[..., 0], number[..., 0] = begun.whole(calm[..., 0], rows)
        hazard[..., 0] = begun.hazard(hazard[..., 0])
        acts = np.full(calm.shape[-1], act)
        acts[0] *= not begun.broken  # its own act is in the mean already
        return cls.of(calm, hazard, acts, rng, number), rows

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
    calm: np.ndarray, break_readings: float | np.ndarray, number: int | np.ndarray = MEASUREMENT.simulated_readings
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
