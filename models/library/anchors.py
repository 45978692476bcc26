"""The design of the library: under which assumptions the model is fitted beforehand."""

from collections.abc import Mapping

import numpy as np

from data.values import frozen
from models.assumptions.knobs import knobs_of
from models.assumptions.setting import Assumptions
from models.library.library import BASE
from models.names import MODEL_M1

SOBOL_POINTS = 12
DESIGN_SEED = 2718
CORNERS = 6
CORNER_CANDIDATES = 300
"""Random settings among which the worst served one becomes a corner: a two-second search finds the worst third of a
per cent."""


@frozen
class Design:
    """A named setting to fit."""

    name: str
    assumptions: Assumptions


def first_design(defaults: Assumptions) -> tuple[Design, ...]:
    """The base, both ends of every knob (the upper end of the doubt doubles every prior width), and Sobol points over
    the whole space.

    Drivers at their weakest are the default, which is thereby fitted twice, each time with a seed of its own: what most
    people look at rests on twice the draws.
    """
    from scipy.stats import qmc  # a second, which only a build need spend

    keys = knobs_of(MODEL_M1, defaults.knobs)
    ends = {f"{key} {end}": {key: getattr(defaults.knobs[key], end)} for key in keys for end in ("low", "high")}
    unit = qmc.Sobol(len(keys), rng=DESIGN_SEED).random_base2(4)[:SOBOL_POINTS]
    sobol = {f"sobol {index + 1}": _inside(defaults, keys, point) for index, point in enumerate(unit)}
    settings = {name: defaults.replace(values) for name, values in ({BASE: {}} | ends | sobol).items()}
    return tuple(Design(name=name, assumptions=setting) for name, setting in settings.items())


def corner_candidates(defaults: Assumptions, seed: int) -> tuple[Assumptions, ...]:
    """Random settings of all knobs at once, every knob drawn from the ends of its range more often than from the
    middle (arcsine law)."""
    keys, rng = knobs_of(MODEL_M1, defaults.knobs), np.random.default_rng([DESIGN_SEED, seed])
    points = rng.beta(0.5, 0.5, (CORNER_CANDIDATES, len(keys)))
    return tuple(defaults.replace(_inside(defaults, keys, point)) for point in points)


def _inside(defaults: Assumptions, keys: tuple[str, ...], point: np.ndarray) -> Mapping[str, float]:
    knobs = [defaults.knobs[key] for key in keys]
    return {
        knob.key: knob.snap(knob.low + float(u) * (knob.high - knob.low)) for knob, u in zip(knobs, point, strict=True)
    }
