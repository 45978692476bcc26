"""Drivers as values: how one is measured, by what it is standardised, and all of them by year."""

import math
from collections.abc import Callable
from typing import Self

import numpy as np
import pandas as pd

from data.types import Evidence
from data.values import frozen
from models.measures.structure import DRIVER_SCALE


@frozen
class Driver:
    """How one claim is measured, year by year.

    Attributes
    ----------
    claim : str
        Claim id; also the driver's coordinate.
    title, sources : str
        Plain words and the indicators or ledger columns behind it.
    measure : callable
        Evidence to a yearly Series (raw units), with only observed years present.
    bounds : (float, float)
        Which values a year can have, raw units: a share lies between 0 and 1.
    is_flag : bool
        A yearly yes (1) or no (0).
    """

    claim: str
    title: str
    sources: str
    measure: Callable[[Evidence], pd.Series]
    bounds: tuple[float, float] = (-math.inf, math.inf)
    is_flag: bool = False


@frozen
class Scaling:
    """Mean and standard deviation by which each driver is standardised, index claim."""

    mean: pd.Series
    sd: pd.Series

    @property
    def digestible(self) -> dict[str, list[float]]:
        """Mean and sd of every claim, as JSON values."""
        return {claim: [float(self.mean[claim]), float(self.sd[claim])] for claim in self.mean.index}

    @classmethod
    def of(cls, raw: pd.DataFrame) -> Self:
        """From the observed reference years of raw drivers; a driver that never varies there has no sd (NaN)."""
        reference = raw.loc[DRIVER_SCALE.scale_from : DRIVER_SCALE.scale_to]
        return cls(mean=reference.mean(), sd=reference.std(ddof=0).replace(0.0, math.nan))


@frozen
class DriverTable:
    """Drivers by year.

    Attributes
    ----------
    raw, standardised : DataFrame, index year, one column per claim
        NaN where unobserved.
        A year that has not ended has none.
    origin : Series, index claim
        Standardised values of the last whole year as the forecast uses them (0 where masked).
    origin_note : Series, index claim
        "observed", "carried from YEAR" or "masked".
    begun : bool
        Whether the last year has not ended.
    """

    raw: pd.DataFrame
    standardised: pd.DataFrame
    origin: pd.Series
    origin_note: pd.Series
    begun: bool = False

    @property
    def lagged(self) -> np.ndarray:
        """Design matrix, shape (year - 1, driver): row t holds year t's drivers, which act on year t + 1.

        Masked entries are 0. On a year that has begun act those that a forecast from its start uses, carried values
        too.
        """
        rows = np.nan_to_num(self.standardised.to_numpy()[:-1])
        if self.begun:
            rows[-1] = self.origin.to_numpy()
        return rows
