"""What may be moved for a goal, and how far a move is: the scale on which changes of belief are compared.

A move is measured in standard deviations of the lever's own prior, on the scale on which that prior lies, so that
doubting a bold claim and a hedged one cost the same:

- a claim: log odds ratio, in the sd that its wording leaves (`models.assumptions.knobs`); the long-run level in latent
  points;
- persistence, base rate of rupture, how long regimes last: log odds of the prior's mean, in the sd of the log odds
  under the Beta prior at the knob's default. On this scale the ends of the range are about equally far;
- volatility: its log, in the log-sd of its prior;
- doubt about every claim, and how much drivers matter, have no prior: they say how wide or how strong the others'
  are. A claim's slider ends two sds from its default, hence these count a quarter of their range as one, the first on
  the log scale since it multiplies widths, the second as it stands since coefficients are proportional to it.

The models' weights are no levers: they say whom to listen to and nothing about the two countries. A goal that one model
holds already would always be "reached" by switching the others off.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Self

import numpy as np

from data.values import frozen, settle
from models.assumptions.knobs import BASELINE_CLAIM, Knob
from models.assumptions.setting import Assumptions
from models.base_rate.chain import CALM_HAZARD
from models.measures.structure import ALIGNMENT
from models.regimes.law import REGIMES

CLAIM, GLOBAL = "claim", "global"
CONFIDENCE, STRENGTH, PERSISTENCE = "confidence", "driver_strength", "persistence"
VOLATILITY, HAZARD, STICKINESS = "volatility", "rupture_hazard", "stickiness"
RANGE_SDS = 4.0
"""A claim's range in its own sds, and thereby that of a knob that has no prior."""


def lever_keys(start: Assumptions) -> tuple[str, ...]:
    """All that may be moved, in page order: the claims and what holds for the whole model."""
    return tuple(key for key, knob in start.knobs.items() if knob.group in (CLAIM, GLOBAL))


@frozen
class Lever:
    """A knob with the scale on which its moves are measured.

    Attributes
    ----------
    knob : Knob
    working, back : callable
        From the knob's value to its working scale, and back.
    sd : float
        Of its prior, on the working scale.
    """

    knob: Knob
    working: Callable[[float], float]
    back: Callable[[float], float]
    sd: float

    @classmethod
    def of(cls, knob: Knob) -> Self:
        """The lever that a claim or a global knob is."""
        if knob.key in (BASELINE_CLAIM, STRENGTH):
            sd = knob.sd or (knob.high - knob.low) / RANGE_SDS
            return cls(knob=knob, working=float, back=float, sd=sd)
        if knob.key in (PERSISTENCE, HAZARD, STICKINESS):
            return cls(knob=knob, working=log_odds, back=_chance, sd=_log_odds_sd(*_counts(knob)))
        ranged = math.log(knob.high / knob.low) / RANGE_SDS
        sd = ALIGNMENT.volatility_log_sd if knob.key == VOLATILITY else knob.sd or ranged
        return cls(knob=knob, working=math.log, back=math.exp, sd=sd)

    @property
    def grid(self) -> np.ndarray:
        """Every value that the slider can take, upwards."""
        steps = round((self.knob.high - self.knob.low) / self.knob.step)
        return np.array([self.knob.snap(self.knob.low + step * self.knob.step) for step in range(steps + 1)])

    def distance(self, value: float, start: float) -> float:
        """Signed distance of a value from another, in sds."""
        return (self.working(value) - self.working(start)) / self.sd

    def value(self, distance: float, start: float) -> float:
        """The value at a distance, neither on the slider's grid nor held inside its range."""
        return self.back(self.working(start) + distance * self.sd)


@frozen
class Levers:
    """Some levers and where they start: points are their distances from there, one coordinate each, in sds."""

    start: Assumptions
    keys: tuple[str, ...]
    all: tuple[Lever, ...] = field(init=False)

    def __post_init__(self) -> None:
        settle(self, all=tuple(Lever.of(self.start.knobs[key]) for key in self.keys))

    @property
    def bounds(self) -> np.ndarray:
        """Lowest and highest point inside the sliders' ranges, shape (lever, 2)."""
        ends = [(lever, (lever.knob.low, lever.knob.high)) for lever in self.all]
        return np.array([[lever.distance(end, self._from(lever)) for end in both] for lever, both in ends])

    def values(self, point: np.ndarray) -> Mapping[str, float]:
        """Values of all knobs at a point, not on the grid."""
        pairs = zip(self.all, point, strict=True)
        moved = {lever.knob.key: lever.value(float(far), self._from(lever)) for lever, far in pairs}
        return {**self.start.values, **moved}

    def setting(self, point: np.ndarray) -> Assumptions:
        """The nearest setting of the sliders."""
        values = self.values(point)
        return self.start.replace({key: self.start.knobs[key].snap(values[key]) for key in self.keys})

    def point(self, setting: Assumptions) -> np.ndarray:
        """Where a setting stands, shape (lever,)."""
        return np.array([lever.distance(setting.values[lever.knob.key], self._from(lever)) for lever in self.all])

    def _from(self, lever: Lever) -> float:
        return self.start.values[lever.knob.key]


def log_odds(probability: float) -> float:
    """Logit of a probability."""
    return math.log(probability) - math.log1p(-probability)


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def _counts(knob: Knob) -> tuple[float, float]:
    """Counts of the Beta prior behind a knob, at its default."""
    strengths = {PERSISTENCE: ALIGNMENT.persistence_strength, STICKINESS: REGIMES.stay_strength}
    if knob.key == HAZARD:
        return CALM_HAZARD
    return strengths[knob.key] * knob.default, strengths[knob.key] * (1 - knob.default)


def _log_odds_sd(first: float, second: float) -> float:
    """Standard deviation of the log odds of a Beta variable: root of the sum of its counts' trigammas."""
    from scipy.special import polygamma  # a third of a second, which the first page need not wait for

    return math.sqrt(polygamma(1, first) + polygamma(1, second))
