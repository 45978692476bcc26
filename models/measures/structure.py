"""The frozen constants that no knob moves: how the evidence is measured, and what is M1's own.

The digest of a model's structure names it in every fit and snapshot.
"""

from dataclasses import asdict

from data.digest import digest
from data.values import frozen


@frozen
class Measurement:
    """How M1 and M3 read the ledger and write a simulated one (reasons: ``docs/decisions/0002-latent-alignment.md``).

    Attributes
    ----------
    effective_readings : int
        Most independent readings that one year can give: the verified events of the median year since 1990. A denser
        year counts as this many readings with its own composition, so that duplicating it adds no information.
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
        Readings of a simulated future year: the median of the last ten years. Five, the likelihood's cap, made
        simulated yearly means swing almost twice as much as recorded ones.
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
    volatility_log_sd : float
        Log-sd of the volatility's log-normal prior. A half-normal, the brief's start, puts mass at "no shocks at
        all", which the prior predictive gate refuses (a relationship that hardly ever changes state).
    start_sd : float
        Normal prior of the first year's distance from the long-run level (logits).
    measurement : Measurement
    drivers : DriverScale
    """

    version: str = "m1-1"
    first_year: int = 1950
    volatility_log_sd: float = 0.4
    start_sd: float = 1.5
    measurement: Measurement = MEASUREMENT
    drivers: DriverScale = DRIVER_SCALE

    @property
    def digest(self) -> str:
        """SHA-256 of every constant, side by side."""
        own = asdict(self)
        return digest({**own.pop("measurement"), **own.pop("drivers"), **own})


ALIGNMENT = AlignmentStructure()
