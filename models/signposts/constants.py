"""The frozen constants of the signposts' chances: no knob moves them (docs/decisions/0021)."""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

import numpy as np

from data.digest import digest
from data.values import frozen


@frozen
class SignpostStructure:
    """How signposts get their chances.

    Attributes
    ----------
    version : str
        Raised by hand whenever the equations change.
    shape : float
        Of the gamma prior of a rule's rate.
    means : Mapping[str, float]
        Prior mean of the rate by family of the rule: years with a matching row, per `unit` recorded rows.
    unit : float
        Rows that a rate refers to.
    least, most, points : float, float, int
        The grid of rates, evenly spaced in the logarithm.
    memory : float
        Weight of a year relative to the year after it.
    first_year : int
        From which on years are read.
    depth_years : int
        Last whole years whose median says how many rows a coming year will bring.
    depth_log_sd : float
        Log-sd of that number one year ahead; it grows with the square root of the years.
    arrivals : tuple of float
        Share of a year's rows that can be known by the end of each quarter of a year, within the quarter.
    hearing : float
        Power of a simulated year's composition, 0 (deaf) to 1.
    usual_years : int
        Years of the ledger whose mean composition is the usual one.
    recorded : (float, float)
        Beta law of the chance that an act is recorded: the assumption behind the chance of a yes.
    """

    version: str = "signposts-1"
    shape: float = 0.5
    means: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({"cooperation": 0.12, "friction": 0.12, "context": 0.06})
    )
    unit: float = 10.0
    least: float = 0.002
    most: float = 8.0
    points: int = 48
    memory: float = 0.95
    first_year: int = 1950
    depth_years: int = 3
    depth_log_sd: float = 0.5
    arrivals: tuple[float, float, float, float] = (0.19, 0.27, 0.25, 0.29)
    hearing: float = 0.35
    usual_years: int = 30
    recorded: tuple[float, float] = (8.0, 3.0)

    @property
    def digest(self) -> str:
        """SHA-256 of every constant."""
        return digest({name: getattr(self, name) for name in self.__slots__} | {"means": dict(self.means)})

    @property
    def grid(self) -> np.ndarray:
        """Rates, shape (point,)."""
        return np.geomspace(self.least, self.most, self.points)

    @property
    def recording_chance(self) -> float:
        """Mean of the law of the chance that an act is recorded."""
        recorded, missed = self.recorded
        return recorded / (recorded + missed)


SIGNPOSTS_1 = SignpostStructure()
