"""M3, sharp regimes: every year stands in one of three sticky hidden regimes, hostile, middle or friendly.

The challenger of M1: an alignment that drifts can't jump, a regime can. Given its regime, a year's readings and break
act follow M1's laws at the regime's ``location``; the regimes follow a Markov chain and are summed out.
"""

import math
from dataclasses import asdict

import numpy as np

from data.digest import digest
from data.values import frozen
from models.alignment.priors import normal_log_density
from models.assumptions.setting import Assumptions
from models.errors import AssumptionError
from models.measures.structure import MEASUREMENT, Measurement
from models.storage.arrays import Arrays

type Parameters = Arrays

REGIME_NAMES = ("hostile", "middle", "friendly")


@frozen
class RegimeStructure:
    """Constants of M3 that no knob moves.

    Attributes
    ----------
    version : str
        Raised by hand whenever the model's equations change.
    middle_mean, middle_sd : float
        Normal prior of the middle regime's location (logits): the default long-run level of M1 and its default doubt.
    distance_log_mean, distance_log_sd : float
        Log-normal prior of the distance from the middle to either neighbour: median 3, nine in ten between 2 and 4.5.
        Chosen by the prior predictive gate under `rule-2`: with a median of 2 a fifth of the prior draws kept a
        transactional year-end with more than nine chances in ten. Positive distances order the regimes, so labels
        can't switch.
    stay_strength : float
        Pseudo-years behind the chance that a regime lasts another year. With ten the prior predictive gate failed
        under `rule-2`: too many prior draws whose regimes hardly ever end.
    end_split, middle_split : (float, float)
        Beta prior of where a regime that ends gives way to: out of an end, to the middle (mean 0.8: the dyad went from
        alliance to hostility through years of quarrel, and back through normalisation); out of the middle, upwards
        (even, and vague: four pseudo-exits).
    break_mean, break_sd : float
        Normal prior of the log odds of a break act at ``break_alignment``, which is where the middle regime lies. Some
        of the years after a transactional one are hostile and several times as dangerous, so the middle itself must lie
        below M1's 3.0 % for the average to be M1's: 2.2 %, nine in ten between 1.0 and 4.9 %. The gate's 95th
        percentile is then 11.5 % (limit 12 %). Fixed: no claim acts on this model.
    measurement : Measurement
        As M1's: the two models read the ledger in the same way.
    """

    version: str = "m3-2"
    middle_mean: float = 0.5
    middle_sd: float = 0.4
    distance_log_mean: float = 1.1
    distance_log_sd: float = 0.25
    stay_strength: float = 16.0
    end_split: tuple[float, float] = (4.0, 1.0)
    middle_split: tuple[float, float] = (2.0, 2.0)
    break_mean: float = -3.80
    break_sd: float = 0.50
    measurement: Measurement = MEASUREMENT

    @property
    def digest(self) -> str:
        """SHA-256 of the constants side by side."""
        own = asdict(self)
        return digest(own.pop("measurement") | own)

    @property
    def splits(self) -> np.ndarray:
        """Beta counts of the split of each regime's exits, shape (regime, 2): first the middle, or upwards."""
        return np.array([self.end_split, self.middle_split, self.end_split])


REGIMES = RegimeStructure()


@frozen
class RegimePrior:
    """What a knob may change.

    Attributes
    ----------
    stickiness : float
        Prior mean chance that a regime lasts another year, 0 to 1. 0.75 is a mean life of four years.
    strength : float
        Pseudo-years behind it, of the structure whose draws are weighed.

    Raises
    ------
    AssumptionError
        Outside 0 to 1, both excluded.
    """

    stickiness: float = 0.75
    strength: float = REGIMES.stay_strength

    def __post_init__(self) -> None:
        if not 0 < self.stickiness < 1:
            raise AssumptionError(
                f"got a stickiness of {self.stickiness!r}, expected a probability between 0 and 1; move the knob"
            )

    def stay_counts(self) -> tuple[float, float]:
        """Beta counts (stays, leaves) of every regime."""
        return self.strength * self.stickiness, self.strength * (1 - self.stickiness)


def sample_prior(prior: RegimePrior, rng: np.random.Generator, size: int) -> Arrays:
    """Draw parameters from the prior.

    Returns
    -------
    dict of ndarray
        ``location`` (size, regime) increasing, ``gap`` (size, edge - 1), ``space_offset``, ``break_log_odds``,
        ``break_slope`` (size,), ``transition`` (size, from, to).
    """
    s, m = REGIMES, MEASUREMENT
    middle = s.middle_mean + s.middle_sd * rng.standard_normal(size)
    below, above = np.exp(s.distance_log_mean + s.distance_log_sd * rng.standard_normal((2, size)))
    stay = rng.beta(*prior.stay_counts(), (size, 3))
    split = rng.beta(*s.splits.T, (size, 3))
    return {
        "location": np.stack([middle - below, middle, middle + above], axis=-1),
        "gap": np.exp(m.gap_log_mean + m.gap_log_sd * rng.standard_normal((size, len(m.band_edges) - 1))),
        "space_offset": m.space_offset_sd * rng.standard_normal(size),
        "break_log_odds": s.break_mean + s.break_sd * rng.standard_normal(size),
        "break_slope": np.exp(m.break_slope_log_mean + m.break_slope_log_sd * rng.standard_normal(size)),
        "transition": transition_matrix(stay, split),
    }


def transition_matrix(stay: np.ndarray, split: np.ndarray) -> np.ndarray:
    """Transition matrices from the chance to stay and the split of the exits.

    Parameters
    ----------
    stay, split : ndarray, shape (..., regime)
        Split: share of a regime's exits that go to the middle, or upwards out of the middle.

    Returns
    -------
    ndarray, shape (..., from, to)
    """
    leave = 1 - stay
    matrix = np.empty((*stay.shape, 3))
    for row, (first, second) in enumerate(EXITS):
        matrix[..., row, row] = stay[..., row]
        matrix[..., row, first] = leave[..., row] * split[..., row]
        matrix[..., row, second] = leave[..., row] * (1 - split[..., row])
    return matrix


EXITS = ((1, 2), (2, 0), (1, 0))
"""Where each regime's exits go: first the one whose share `RegimeStructure.splits` speaks of."""


def log_prior(parameters: Parameters, prior: RegimePrior) -> np.ndarray:
    """Log prior density of each draw, shape (sample,).

    The density is with respect to the middle location, the two distances, the gaps, the break's log odds and slope,
    the space offset, the chances to stay and the splits of the exits.
    """
    s, m, location = REGIMES, MEASUREMENT, parameters["location"]
    first, second = _exits(parameters["transition"])
    split, splits = first / (first + second), s.splits
    return (
        normal_log_density(location[:, 1], s.middle_mean, s.middle_sd)
        + _log_normal(np.diff(location, axis=1), s.distance_log_mean, s.distance_log_sd).sum(axis=1)
        + _log_normal(parameters["gap"], m.gap_log_mean, m.gap_log_sd).sum(axis=1)
        + normal_log_density(parameters["space_offset"], 0.0, m.space_offset_sd)
        + normal_log_density(parameters["break_log_odds"], s.break_mean, s.break_sd)
        + _log_normal(parameters["break_slope"], m.break_slope_log_mean, m.break_slope_log_sd)
        + stay_log_density(parameters["transition"], prior)
        + _log_beta(split, 1 - split, (splits[:, 0], splits[:, 1])).sum(axis=1)
    )


def stay_log_density(transition: np.ndarray, prior: RegimePrior) -> np.ndarray:
    """The part of `log_prior` that `prior` moves: Beta densities of the three chances to stay, shape (sample,)."""
    stay = np.diagonal(transition, axis1=1, axis2=2)
    leave = sum(_exits(transition))
    return _log_beta(stay, leave, prior.stay_counts()).sum(axis=1)


def _exits(transition: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows = np.arange(3)
    first, second = np.array(EXITS).T
    return transition[:, rows, first], transition[:, rows, second]


def _log_normal(x: np.ndarray, log_mean: float, log_sd: float) -> np.ndarray:
    return normal_log_density(np.log(x), log_mean, log_sd) - np.log(x)


def _log_beta(x: np.ndarray, rest: np.ndarray, counts: tuple[np.ndarray | float, np.ndarray | float]) -> np.ndarray:
    """Log density of Beta laws, from both `x` and ``1 - x`` since either may be too small to subtract."""
    a, b = (np.asarray(count, dtype=float) for count in counts)
    constant = _log_gamma(a) + _log_gamma(b) - _log_gamma(a + b)
    return (a - 1) * np.log(x) + (b - 1) * np.log(rest) - constant


_log_gamma = np.vectorize(math.lgamma, otypes=[float])


def regime_prior_at(assumptions: Assumptions, strength: float = REGIMES.stay_strength) -> RegimePrior:
    """M3's prior under a setting."""
    return RegimePrior(stickiness=assumptions.values["stickiness"], strength=strength)
