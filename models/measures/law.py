"""The laws that M1 and M3 share: in which band a reading lies, and whether a year holds a break act.

Bands follow an ordered logit with unit loading: a reading lies below a cut-point with chance ``logit^-1(cutpoint -
location)``, where the location is the year's alignment (M1) or that of its regime (M3). The twins in PyTensor are
`models.sampling.alignment_model.log_band_probabilities` and the potentials beside it.
"""

import numpy as np

from data.values import frozen
from models.measures.structure import MEASUREMENT

SMALLEST_CHANCE = 1e-12
"""Floor under a band's chance before its logarithm is taken."""


@frozen
class ReadingLaw:
    """What turns a location into chances of bands.

    Attributes
    ----------
    space_offset : ndarray, shape (sample,)
        How much higher a reading about space lies.
    cutpoints : ndarray, shape (sample, edge)
        Increasing.
    """

    space_offset: np.ndarray
    cutpoints: np.ndarray

    def band_chances(self, location: np.ndarray) -> np.ndarray:
        """Chance of every band, shape (sample, place, domain, band), domain 0 other, 1 space.

        Parameters
        ----------
        location : ndarray, shape (sample, place)
        """
        centre = np.stack([location, location + self.space_offset[:, None]], axis=-1)
        return band_chances(centre, self.cutpoints[:, None, None, :])


def chance_below(centre: np.ndarray, cutpoint: np.ndarray) -> np.ndarray:
    """Chance that a reading lies below a cut-point, in the shape that the two have together."""
    return 1 / (1 + np.exp(centre - cutpoint))


def band_chances(centre: np.ndarray, cutpoints: np.ndarray) -> np.ndarray:
    """Chance of every band, shape (..., band), from centres (...) and cut-points that go with (..., edge)."""
    below = chance_below(centre[..., None], cutpoints)
    ends = np.zeros((*centre.shape, 1))
    return np.diff(np.concatenate([ends, below, ends + 1], axis=-1), axis=-1)


def log_chances(chances: np.ndarray) -> np.ndarray:
    """Logarithms of bands' chances, the floor under them, in their shape."""
    return np.log(np.clip(chances, SMALLEST_CHANCE, 1.0))


def cutpoints_of(gaps: np.ndarray) -> np.ndarray:
    """Cut-points, shape (sample, edge), from the gaps between them (sample, edge - 1), the anchor edge at 0."""
    anchor = MEASUREMENT.anchor_edge
    below = -np.cumsum(gaps[:, :anchor][:, ::-1], axis=1)[:, ::-1]
    above = np.cumsum(gaps[:, anchor:], axis=1)
    return np.concatenate([below, np.zeros((gaps.shape[0], 1)), above], axis=1)


def break_logit(location: np.ndarray, log_odds: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """Log odds of a break act in a year: ``log_odds`` at ``break_alignment``, higher where the location is worse.

    All of one shape, or of shapes that go together.
    """
    return log_odds - slope * (location - MEASUREMENT.break_alignment)


def break_probability(location: np.ndarray, log_odds: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """Chance of a break act in a year (0-1), in the shape of `break_logit`."""
    return 1 / (1 + np.exp(-break_logit(location, log_odds, slope)))


def chance_in_part(yearly: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Chance of a break act (0-1) in a share (0-1) of years with the chance `yearly`; shapes go together."""
    return np.where(share < 1, 1 - (1 - yearly) ** share, yearly)


def break_log_chance(broken: np.ndarray, logit: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Log chance of break flags (bool) under their log odds, years being seen to a share (0-1); shapes go together.

    No act in a share ``s`` of a year with hazard ``h`` has the chance ``(1 - h) ** s``, and one has nearly ``s * h``.
    """
    return broken * logit - seen * np.logaddexp(0.0, logit)
