"""The frozen constants of the latent-alignment model that no knob moves.

Their digest names the model in every fit and snapshot.
"""

from dataclasses import asdict, dataclass

from data.digest import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStructure:
    """Constants of M1 (reasons in ``docs/decisions/0002-latent-alignment.md``).

    Attributes
    ----------
    version : str
        Raised by hand whenever the model's equations or drivers change.
    first_year, drivers_from : int
        First year of the latent path, and of the measured drivers.
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
    volatility_log_sd : float
        Log-sd of the volatility's log-normal prior. A half-normal, the brief's start, puts mass at "no shocks at
        all", which the prior predictive gate refuses (a relationship that hardly ever changes state).
    break_alignment : float
        Latent alignment at which ``break_log_odds`` is stated: the default long-run level.
    break_slope_log_mean, break_slope_log_sd : float
        Log-normal prior of how many log odds of a break act one latent point of worsening adds.
    space_offset_sd, start_sd : float
        Normal priors of the space-domain offset and of the first year's distance from the long-run level (logits).
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
    break_intensity_value : float
        Intensity given to a simulated break act: the mean of the ledger's acts at or below -8.
    simulated_readings : int
        Readings of a simulated future year: the median of the last ten years. Five, the likelihood's cap, made
        simulated yearly means swing almost twice as much as recorded ones.
    inner_paths : int
        Simulated ledgers per posterior draw. 64 left so much noise in single draws that the range of a rare state
        reached 0.
    """

    version: str = "m1-1"
    first_year: int = 1950
    drivers_from: int = 1990
    effective_readings: int = 5
    band_edges: tuple[float, ...] = (-4.5, -2.5, -0.5, 2.5, 4.5, 6.5)
    anchor_edge: int = 2
    gap_log_mean: float = 0.0
    gap_log_sd: float = 0.35
    volatility_log_sd: float = 0.4
    break_alignment: float = 0.5
    break_slope_log_mean: float = -0.35
    break_slope_log_sd: float = 0.4
    space_offset_sd: float = 0.5
    start_sd: float = 1.5
    scale_from: int = 1992
    scale_to: int = 2020
    driver_limit: float = 2.0
    carry_years: int = 2
    latent_scale: float = 0.35
    break_intensity_value: float = -9.0
    simulated_readings: int = 10
    inner_paths: int = 256

    @property
    def digest(self) -> str:
        """SHA-256 of every constant."""
        return digest(asdict(self))

    @property
    def bands(self) -> int:
        """Number of intensity bands."""
        return len(self.band_edges) + 1


ALIGNMENT = ModelStructure()
