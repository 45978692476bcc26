"""A penalty on a scale that everybody knows: 0 the worst possible, 50 as good as the base rate, 100 perfect."""

import numpy as np

from models.names import STATES
from models.scores.rules import ScoreError

PERFECT, LEVEL, WORST = 100.0, 50.0, 0.0


def worst_ranked_score(codes: np.ndarray) -> np.ndarray:
    """The most that the ranked probability score can be: certain of the state that lies farthest from what happened.

    Parameters
    ----------
    codes : ndarray of int, any shape
        What happened, 0 rupture to 3 deeper cooperation.
    """
    last = len(STATES) - 1
    return np.maximum(codes, last - codes).astype(float)


def skill_index(ours: float, reference: float, worst: float) -> float:
    """Mean penalty as a number from 0 to 100.

    Of a reference's mean penalty r and the worst possible w over the same questions, a mean penalty s is ::

        100 - 50 s / r              where s <= r: 50 (1 + the skill score 1 - s / r)
        50 (w - s) / (w - r)        where s > r

    The upper half is the ranked probability skill score, halved and raised. A skill score has no floor, so that the
    lower half has a scale of its own, down to the worst possible. Differences in the two halves are not comparable.

    Parameters
    ----------
    ours, reference, worst : float
        Means over the same questions, 0 or more; the worst is at least the other two.

    Raises
    ------
    ScoreError

    References
    ----------
    Epstein (1969), Journal of Applied Meteorology 8, 985-987: the score. Murphy (1988), Monthly Weather Review 116,
    2417-2424, and Wilks (2019), Statistical Methods in the Atmospheric Sciences, 4th ed., ch. 9: skill against a
    reference.
    """
    if not 0 <= min(ours, reference) <= max(ours, reference) <= worst + 1e-9:
        raise ScoreError(f"got penalties of {ours} and {reference}, expected 0 to {worst}, the worst; score them again")
    if ours > reference and worst > reference:
        return LEVEL * max(0.0, worst - ours) / (worst - reference)
    return PERFECT - LEVEL * ours / reference if reference > 0 else PERFECT
