"""Claims measured in prior standard deviations: the scale on which changes of belief are compared."""

import math
from collections.abc import Mapping

import numpy as np

from data.values import frozen
from models.assumptions.knobs import BASELINE_CLAIM
from models.assumptions.setting import Assumptions


@frozen
class ShiftScale:
    """Shifts of some claims away from a setting, in prior sds on each claim's working scale.

    Attributes
    ----------
    start : Assumptions
        Where every shift is 0.
    keys : tuple of str
        Claims, one coordinate each: log odds ratio, or latent points for the long-run level.
    """

    start: Assumptions
    keys: tuple[str, ...]

    @property
    def bounds(self) -> np.ndarray:
        """Lowest and highest shift inside the sliders' ranges, shape (claim, 2)."""
        knobs = self.start.knobs
        return np.array([[self._of(key, end) for end in (knobs[key].low, knobs[key].high)] for key in self.keys])

    def values(self, shift: np.ndarray) -> Mapping[str, float]:
        """Knob values at a shift, not on the grid."""
        moved = {key: self._value(key, float(sds)) for key, sds in zip(self.keys, shift, strict=True)}
        return {**self.start.values, **moved}

    def setting(self, shift: np.ndarray) -> Assumptions:
        """The nearest setting of the sliders."""
        values = self.values(shift)
        return self.start.replace({key: self.start.knobs[key].snap(values[key]) for key in self.keys})

    def shift_of(self, setting: Assumptions) -> np.ndarray:
        """Where a setting stands, shape (claim,)."""
        return np.array([self._of(key, setting.values[key]) for key in self.keys])

    def _of(self, key: str, value: float) -> float:
        return (_working(key, value) - _working(key, self.start.values[key])) / self.start.knobs[key].sd

    def _value(self, key: str, shift: float) -> float:
        working = _working(key, self.start.values[key]) + shift * self.start.knobs[key].sd
        return working if key == BASELINE_CLAIM else math.exp(working)


def _working(key: str, value: float) -> float:
    return value if key == BASELINE_CLAIM else math.log(value)
