"""Where every driver stands, what it may be held at, and the drivers of each coming year."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Self

import numpy as np
import pandas as pd

from data.days import LONGEST, horizons_from, last_whole_year
from data.types import Evidence
from data.values import frozen
from models.errors import AssumptionError
from models.measures.driver_table import Driver, DriverTable, Scaling
from models.measures.drivers import DRIVER_CLAIMS, DRIVERS, driver_table
from models.measures.structure import DRIVER_SCALE
from models.names import HORIZONS
from models.paths.holds import HIGHEST, LOWEST, NO, SDS, TODAY, USUAL, YES, Hold

BY_CLAIM: Mapping[str, Driver] = MappingProxyType({driver.claim: driver for driver in DRIVERS})
ROUNDING = 1e-9
"""Of a limit: a value that stands on it, up to rounding, is inside."""


@frozen(eq=False)
class HeldDrivers:
    """The drivers at a reference date, and what they become when some are held.

    Attributes
    ----------
    as_of : date
    table : DriverTable
        As the base case's models read it.
    scaling : Scaling
        Behind the table.
    """

    as_of: date
    table: DriverTable
    scaling: Scaling

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        """Measure them."""
        table = driver_table(evidence)
        return cls(as_of=evidence.as_of, table=table, scaling=Scaling.of(table.raw))

    @property
    def starts(self) -> range:
        """Years that a driver can be held from: not measured yet, and acting on a year that is forecast."""
        return range(last_whole_year(self.as_of) + 1, self.as_of.year + LONGEST)

    def seen(self, claim: str) -> pd.Series:
        """A driver's observed years, in its own units; index year."""
        return self.table.raw[claim].loc[DRIVER_SCALE.drivers_from :].dropna()

    def limits(self, claim: str) -> tuple[float, float]:
        """What a driver may be held at, in its own units: two standard deviations from its mean or what was seen,
        whichever is further, and never what no year can have."""
        driver, seen = BY_CLAIM[claim], self.seen(claim)
        if driver.is_flag:
            return driver.bounds
        mean, reach = self.scaling.mean[claim], DRIVER_SCALE.driver_limit * self.scaling.sd[claim]
        low, high = (float(end(np.append(seen, mean + side * reach))) for end, side in ((np.min, -1), (np.max, 1)))
        return max(low, driver.bounds[0]), min(high, driver.bounds[1])

    def value(self, hold: Hold) -> float:
        """What a driver is held at, in its own units.

        Raises
        ------
        AssumptionError
            The driver cannot have this value or level, or not from that year on.
        """
        claim, level = hold.claim, hold.level
        self._require_start(hold)
        if not self.scaling.sd[claim] > 0:
            raise AssumptionError(f"driver {claim}: got no years in which it varies, expected some; hold another one")
        if BY_CLAIM[claim].is_flag:
            return self._flag(hold)
        sds = SDS.fullmatch(level) if isinstance(level, str) else None
        if sds:
            value = float(self.scaling.mean[claim] + float(sds[1]) * self.scaling.sd[claim])
        elif isinstance(level, str):
            value = self._named(hold)
        else:
            value = float(level)
        low, high = self.limits(claim)
        slack = ROUNDING * max(abs(low), abs(high))
        if not low - slack <= value <= high + slack:
            raise AssumptionError(
                f"driver {claim}: got {value:.4g}, expected {low:.4g} to {high:.4g}, which is what was seen since "
                f"{DRIVER_SCALE.drivers_from} and {DRIVER_SCALE.driver_limit:g} standard deviations around its mean; "
                "the models know nothing of values further out"
            )
        return value

    def standardised(self, hold: Hold) -> float:
        """The same as the models read it: in standard deviations, held inside their limit as past years are."""
        value, claim = self.value(hold), hold.claim
        if hold.level == TODAY:
            return float(self.table.origin[claim])
        limit = DRIVER_SCALE.driver_limit
        return float(np.clip((value - self.scaling.mean[claim]) / self.scaling.sd[claim], -limit, limit))

    def is_held_back(self, hold: Hold) -> bool:
        """Whether the models read a smaller distance from the mean than the value has."""
        distance = abs(self.value(hold) - self.scaling.mean[hold.claim]) / self.scaling.sd[hold.claim]
        return bool(distance > DRIVER_SCALE.driver_limit + ROUNDING)

    def along(self, holds: Iterable[Hold] = ()) -> np.ndarray:
        """Standardised drivers that act on each year after the reference date's, shape (horizon, driver).

        Drivers act a year later: those of the reference date's own year, or where that has begun the last whole one's,
        act on the first.
        """
        origin = self.table.origin.to_numpy(dtype=float)
        path = np.tile(origin, (len(HORIZONS), 1))
        for hold in holds:
            first = self.first_year(hold) - self.as_of.year - HORIZONS[0]
            path[first:, DRIVER_CLAIMS.index(hold.claim)] = self.standardised(hold)
        return path

    def labels_along(self, holds: Iterable[Hold] = ()) -> np.ndarray:
        """The same for every year-end that is forecast, also that of a year that has begun; shape (step, driver)."""
        begun = len(horizons_from(self.as_of)) - len(HORIZONS)
        origin = self.table.origin.to_numpy(dtype=float)
        return np.concatenate([np.tile(origin, (begun, 1)), self.along(holds)])

    def first_year(self, hold: Hold) -> int:
        """The first year that a held driver acts on."""
        self._require_start(hold)
        return hold.start + 1

    def _require_start(self, hold: Hold) -> None:
        first, last = self.starts[0], self.starts[-1]
        if hold.start not in self.starts:
            raise AssumptionError(
                f"driver {hold.claim}: got {hold.start} as the first year, expected {first} to {last}: years before "
                f"are over, and a driver acts a year later, for the last time on {last + 1}; choose another year"
            )

    def _named(self, hold: Hold) -> float:
        claim, seen = hold.claim, self.seen(hold.claim)
        if hold.level == USUAL:
            return float(self.scaling.mean[claim])
        if hold.level == TODAY:
            known = not seen.empty and self.table.origin_note[claim] != "masked"
            return float(seen.iloc[-1] if known else self.scaling.mean[claim])
        if hold.level in (LOWEST, HIGHEST) and not seen.empty:
            return float(seen.min() if hold.level == LOWEST else seen.max())
        raise AssumptionError(
            f"driver {claim}: got “{hold.level}”, expected a number or “{USUAL}”, “{LOWEST}” or “{HIGHEST}”; it is no "
            "matter of yes and no"
        )

    def _flag(self, hold: Hold) -> float:
        told: Mapping[float | str, float] = {YES: 1.0, NO: 0.0, 1.0: 1.0, 0.0: 0.0}
        seen = self.seen(hold.claim)
        if hold.level == TODAY and not seen.empty:
            return float(seen.iloc[-1])
        if hold.level not in told:
            raise AssumptionError(
                f"driver {hold.claim}: got {hold.level!r}, expected “{YES}” or “{NO}”; it knows nothing in between"
            )
        return told[hold.level]
