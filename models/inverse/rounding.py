"""From a point between the sliders' steps to a setting on them that still reaches the goal."""

from collections.abc import Callable

import numpy as np

from models.assumptions.setting import Assumptions
from models.inverse.levers import Levers

MOST_STEPS, MOST_PULLS = 100, 200
"""Steps further, to get over the goal again, and back towards the start."""

type Surplus = Callable[[Assumptions], float]
"""By how many logits a setting is past the goal; below 0 it misses it."""


def on_grid(levers: Levers, point: np.ndarray, slope: np.ndarray, surplus: Surplus) -> Assumptions:
    """A setting near a point that reaches the goal, and no step of which can be taken back.

    Rounding loses or wins a little. What it loses is made good by the cheapest step that suffices, or the most
    effective where none does; then steps
    are taken back towards the start as long as the goal allows, the one that saves most distance first.

    Parameters
    ----------
    levers : Levers
    point : ndarray, shape (lever,)
        Where the goal is just reached.
    slope : ndarray, shape (lever,)
        Of the surplus there, per sd.
    surplus : callable
    """
    setting, missing = levers.setting(point), surplus(levers.setting(point))
    for _ in range(MOST_STEPS):
        if missing >= 0:
            break
        further = _steps(levers, setting, np.sign(slope))
        if not further:
            return setting
        setting = min(further, key=lambda step: _price(levers, setting, step, slope, -missing))
        missing = surplus(setting)
    return _pulled(levers, setting, surplus) if missing >= 0 else setting


def _pulled(levers: Levers, setting: Assumptions, surplus: Surplus) -> Assumptions:
    """The setting after every step back that the goal allows."""
    for _ in range(MOST_PULLS):
        nearer = [step for step in _steps(levers, setting, -np.sign(levers.point(setting))) if surplus(step) >= 0]
        if not nearer:
            break
        setting = min(nearer, key=lambda step: np.linalg.norm(levers.point(step)))
    return setting


def _steps(levers: Levers, setting: Assumptions, sides: np.ndarray) -> list[Assumptions]:
    """Settings one step of one slider away, each on its given side, inside the ranges."""
    steps = []
    for lever, side in zip(levers.all, sides, strict=True):
        value = setting.values[lever.knob.key]
        moved = lever.knob.snap(value + side * lever.knob.step)
        if side and moved != value:
            steps.append(setting.replace({lever.knob.key: moved}))
    return steps


def _price(
    levers: Levers, setting: Assumptions, step: Assumptions, slope: np.ndarray, missing: float
) -> tuple[bool, float]:
    """What a step costs: the distance that it adds where it suffices, else that for each logit it wins."""
    before, after = levers.point(setting), levers.point(step)
    gain, cost = float(slope @ (after - before)), float(after @ after - before @ before)
    if gain >= missing:
        return False, cost
    return True, cost / gain if gain > 0 and cost > 0 else -gain
