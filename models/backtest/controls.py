"""Variants of the backtest: the drivers as they were, none at all, at the essay's strength, and in shuffled years; and
one volatility for all years."""

from dataclasses import replace

import numpy as np

from data.types import Evidence
from models.errors import FitError
from models.measures.driver_table import DriverTable
from models.measures.drivers import driver_table, frozen_scaling
from models.names import MODEL_M1, MODEL_M2

AS_RECORDED, NO_DRIVERS, ESSAY = "as recorded", "no drivers", "essay"
"""The last is the preset of that key, "The essay's reading"."""
SHUFFLES = ("shuffled 1", "shuffled 2")
ONE_VOLATILITY = "one volatility"
VARIANTS = (AS_RECORDED, NO_DRIVERS, ESSAY, ONE_VOLATILITY, *SHUFFLES)
DRIVEN = (AS_RECORDED, ESSAY, *SHUFFLES)
"""Variants that have drivers, to be held against none."""
FIRST_DRIVEN = 1992
"""First origin with drivers: they are measured from 1990 and standardised from 1992 on. Earlier ones have none, so
that a fit without them is the same fit."""
FIRST_SPLIT = 1990
"""First origin at which shocks since the split have been seen: earlier ones have one volatility in any case."""
FIRST_MEASURED = 2004
"""First origin of the variants that ask what drivers add: by then fifteen years of them are there."""


def first_origin(own: int, variant: str) -> int:
    """First origin of a variant of a model whose first one is `own`."""
    firsts = {AS_RECORDED: own, NO_DRIVERS: FIRST_DRIVEN, ONE_VOLATILITY: FIRST_SPLIT}
    return max(own, firsts.get(variant, FIRST_MEASURED))


def models_under(variant: str) -> tuple[str, ...]:
    """The models that a variant changes."""
    return (MODEL_M1,) if variant == ONE_VOLATILITY else (MODEL_M1, MODEL_M2)


def drivers_of(evidence: Evidence, variant: str) -> DriverTable:
    """Drivers in frozen units, under a variant; none at all before `FIRST_DRIVEN`.

    Raises
    ------
    FitError
        Unknown variant.
    """
    if variant not in VARIANTS:
        raise FitError(f"got the variant {variant!r}, expected one of {', '.join(VARIANTS)}; correct its name")
    table = driver_table(evidence, scaling=frozen_scaling())
    if variant == NO_DRIVERS or evidence.as_of.year < FIRST_DRIVEN:
        return replace(table, standardised=table.standardised.astype(float) * np.nan, origin=table.origin * 0.0)
    return shuffled(table, SHUFFLES.index(variant)) if variant in SHUFFLES else table


def shuffled(table: DriverTable, seed: int) -> DriverTable:
    """The same rows in another order of years, all drivers together so that they stay as alike as they are; the years
    before the first observed driver stay empty, and the last row drawn becomes the one at the reference date."""
    rows = np.flatnonzero(table.standardised.notna().any(axis=1))
    order = np.arange(len(table.standardised))
    order[rows] = np.random.default_rng([seed, len(order)]).permutation(rows)
    moved = table.standardised.iloc[order].set_axis(table.standardised.index)
    return replace(table, standardised=moved, origin=moved.iloc[-1].fillna(0.0))
