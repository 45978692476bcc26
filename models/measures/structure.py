"""The frozen constants that no knob moves: how the evidence is measured, and what is M1's own.

The digest of a model's structure names it in every fit and snapshot.
"""

from dataclasses import asdict
from datetime import date

import numpy as np

from data.days import is_year_end
from data.digest import digest
from data.values import frozen
from models.errors import StaleFitError


@frozen
class Measurement:
    """How M1 and M3 read the ledger and write a simulated one (reasons: ``docs/decisions/0002-latent-alignment.md``).

    Attributes
    ----------
    effective_readings : int
        Most independent readings that one year can give. A year's acts count by the weight that the outcome rule gives
        them, and give as many readings as equal weights would (Kish 1965: square of their sum over sum of their
        squares), so that a year dug into more deeply, which yields minor acts, hardly gives more; a denser year counts
        as this many readings with its own composition.
    band_edges : tuple of float
        Edges between the intensity bands of the codebook (adjacent bands joined where the ledger is thin).
    anchor_edge : int
        Index of the edge fixed at latent 0: there a reading is as likely hostile as not. Fixing it sets the location
        of the latent scale, as the unit loading sets its spread.
    gap_log_mean, gap_log_sd : float
        Log-normal prior of the distances between neighbouring cut-points (logits).
    break_alignment : float
        Latent alignment at which ``break_log_odds`` is stated: the default long-run level.
    break_slope_log_mean, break_slope_log_sd : float
        Log-normal prior of how many log odds of a break act one latent point of worsening adds.
    break_intensity_value : float
        Intensity given to a simulated break act: the mean of the ledger's acts at or below -8.
    space_offset_sd : float
        Normal prior of the space-domain offset (logits).
    simulated_readings : int
        Readings of a simulated future year: the effective number of the median year of the last ten, ten and a half,
        rounded down.
    inner_paths : int
        Simulated ledgers per posterior draw. 64 left so much noise in single draws that the range of a rare state
        reached 0.
    """

    effective_readings: int = 5
    band_edges: tuple[float, ...] = (-4.5, -2.5, -0.5, 2.5, 4.5, 6.5)
    anchor_edge: int = 2
    gap_log_mean: float = 0.0
    gap_log_sd: float = 0.35
    break_alignment: float = 0.5
    break_slope_log_mean: float = -0.35
    break_slope_log_sd: float = 0.4
    break_intensity_value: float = -9.0
    space_offset_sd: float = 0.5
    simulated_readings: int = 10
    inner_paths: int = 256

    @property
    def bands(self) -> int:
        """Number of intensity bands."""
        return len(self.band_edges) + 1


MEASUREMENT = Measurement()


@frozen
class DriverScale:
    """How M1 and M2 measure the drivers, and in which unit their coefficients are claimed.

    Attributes
    ----------
    drivers_from : int
        First year of the measured drivers.
    scale_from, scale_to : int
        Years over which drivers are standardised.
    driver_limit : float
        Standardised drivers are held inside plus or minus this many standard deviations: a series that leaves its
        1992-2020 range is an extrapolation, not a bigger measurement.
    carry_years : int
        A driver unobserved at the reference date takes its last value when that is at most this old, and is masked
        otherwise.
    latent_scale : float
        Latent points per log odds of a higher state (the brief's 0.35).
    """

    drivers_from: int = 1990
    scale_from: int = 1992
    scale_to: int = 2020
    driver_limit: float = 2.0
    carry_years: int = 2
    latent_scale: float = 0.35


DRIVER_SCALE = DriverScale()


@frozen
class AlignmentStructure:
    """Constants of M1.

    Attributes
    ----------
    version : str
        Raised by hand whenever the model's equations or drivers change.
    first_year : int
        First year of the latent path.
    split_year : int
        From this year on the shocks have a volatility of their own, the one that the future has too. Before it the
        pair went through alliance, break and reconciliation; since the Cold War's end yearly means have swung half as
        much. None gives all years one volatility.
    volatility_before : float
        Median of the log-normal prior of the shocks' sd before `split_year` (its log-sd is the same).
    volatility_log_sd : float
        Log-sd of the volatility's log-normal prior. A half-normal, the brief's start, puts mass at "no shocks at
        all", which the prior predictive gate refuses (a relationship that hardly ever changes state).
    persistence_strength : float
        Pseudo-years behind the prior of the persistence.
    start_sd : float
        Normal prior of the first year's distance from the long-run level (logits).
    measurement : Measurement
    drivers : DriverScale
    """

    version: str = "m1-2"
    first_year: int = 1950
    split_year: int | None = 1990
    volatility_before: float = 0.6
    volatility_log_sd: float = 0.4
    persistence_strength: float = 20.0
    start_sd: float = 1.5
    measurement: Measurement = MEASUREMENT
    drivers: DriverScale = DRIVER_SCALE

    @property
    def digest(self) -> str:
        """SHA-256 of every constant, side by side."""
        own = asdict(self)
        return digest({**own.pop("measurement"), **own.pop("drivers"), **own})

    def is_early(self, years: np.ndarray) -> np.ndarray:
        """Whether shocks into these years have the volatility of before the split, in the shape of `years`."""
        return np.zeros(years.shape, dtype=bool) if self.split_year is None else years < self.split_year


@frozen
class PartOfYear:
    """How every model goes on from inside a year (frozen before any hindcast from a mid-year: docs/decisions/0019).

    Attributes
    ----------
    version : str
        Raised by hand whenever the equations change.
    pace_years : int
        Last whole years whose rows say how many a year brings.
    pace_weight : float
        Years that these count for beside the part of the year that has passed.
    pace_log_sd : float
        Log-sd of the rows that the rest of the year brings, around that pace.
    row_years : int
        Last whole years whose mean weight a further row has.
    thin_rows : int
        Fewer rows than these are too few to say much of the year.
    """

    version: str = "part-1"
    pace_years: int = 3
    pace_weight: float = 2.0
    pace_log_sd: float = 0.3
    row_years: int = 10
    thin_rows: int = 4

    @property
    def digest(self) -> str:
        """SHA-256 of every constant."""
        return digest(asdict(self))


PART_OF_YEAR = PartOfYear()


def digest_at(structure: str, as_of: date) -> str:
    """Digest of a model's constants where it speaks from a day: inside a year `PART_OF_YEAR` acts beside its own."""
    return structure if is_year_end(as_of) else inside_year(structure)


def inside_year(structure: str) -> str:
    """Digest of a model's constants together with `PART_OF_YEAR`."""
    return digest([structure, PART_OF_YEAR.digest])


ALIGNMENT = AlignmentStructure()
ALIGNMENT_1 = AlignmentStructure(version="m1-1", split_year=None, persistence_strength=11.0)
"""The first structure as far as stored draws of it are weighed: what its likelihood read is not here any more."""
_BY_DIGEST = {
    ALIGNMENT.digest: ALIGNMENT,
    inside_year(ALIGNMENT.digest): ALIGNMENT,
    "19643f2f9665a15b9adb4b53ff10f11bcb7bdb0fe29968a37d0390ff73f377a8": ALIGNMENT_1,
}


def structure_of(model_digest: str) -> AlignmentStructure:
    """The structure of M1 that a stored fit or library answers to.

    Raises
    ------
    StaleFitError
        This program knows none of this digest.
    """
    if model_digest not in _BY_DIGEST:
        known = ", ".join(f"{structure.version} ({key[:12]})" for key, structure in _BY_DIGEST.items())
        raise StaleFitError(
            f"got draws of the structure {model_digest[:12]} of latent alignment, expected one of {known}; fit again"
        )
    return _BY_DIGEST[model_digest]
