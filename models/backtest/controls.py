"""Negative controls of the backtest: the drivers as they were, none at all, and the same drivers in shuffled years."""

from dataclasses import replace

import numpy as np

from data.types import Evidence
from models.errors import FitError
from models.measures.drivers import DriverTable, driver_table, frozen_scaling

AS_RECORDED, NO_DRIVERS = "as recorded", "no drivers"
SHUFFLES = ("shuffled 1", "shuffled 2")
VARIANTS = (AS_RECORDED, NO_DRIVERS, *SHUFFLES)


def drivers_of(evidence: Evidence, variant: str) -> DriverTable:
    """Drivers in frozen units, under a variant.

    Raises
    ------
    FitError
        Unknown variant.
    """
    table = driver_table(evidence, scaling=frozen_scaling())
    if variant == AS_RECORDED:
        return table
    if variant == NO_DRIVERS:
        return replace(table, standardised=table.standardised * np.nan, origin=table.origin * 0.0)
    if variant in SHUFFLES:
        return shuffled(table, SHUFFLES.index(variant))
    raise FitError(f"got the variant {variant!r}, expected one of {', '.join(VARIANTS)}; correct its name")


def shuffled(table: DriverTable, seed: int) -> DriverTable:
    """The same rows in another order of years, all drivers together so that they stay as alike as they are; the years
    before the first observed driver stay empty, and the last row drawn becomes the one at the reference date."""
    rows = np.flatnonzero(table.standardised.notna().any(axis=1))
    order = np.arange(len(table.standardised))
    order[rows] = np.random.default_rng([seed, len(order)]).permutation(rows)
    moved = table.standardised.iloc[order].set_axis(table.standardised.index)
    return replace(table, standardised=moved, origin=moved.iloc[-1].fillna(0.0))
