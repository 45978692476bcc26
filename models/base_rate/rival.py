"""The rival: a moving average in ten lines, for any model that reads the same ledger to beat.

It knows the books, that is the years that the rule will still remember; a level, the exponential mean of the yearly
means; the surprises that this level has met; and how often a year held a break act. M0 ignores the books and is too
weak a yardstick alone. Nothing in it was tuned to a score: the numbers are those of the brief, fixed before any.
"""

import numpy as np

from data.values import frozen
from models.errors import OutcomeError
from models.fits.probabilities import StateProbabilities
from models.measures.year_so_far import YearSoFar
from models.names import HORIZONS, STATES, Scenario
from models.outcome.rule import RULE, OutcomeRule, classify

GAIN = 0.5
"""How far the level moves towards each new year's mean; it starts at 0, neither friendly nor hostile."""
KEPT = 0.9
"""Share of the level that is still there a year later."""
MEMORY = 25
"""Years whose surprises are drawn from."""
LOWEST, HIGHEST = -10.0, 10.0
"""Ends of the codebook's scale: no year's mean lies outside."""
PATHS, SEED = 4_000, 20_241_231
"""Simulated futures; they hold a probability of one half within 0.8 points."""


@frozen(eq=False)
class RivalForecast:
    """What the moving average says.

    Attributes
    ----------
    probabilities : StateProbabilities
        ``state`` (5, 4), ``any_rupture`` and ``any_deeper`` (5,).
    year_means : ndarray, shape (path, horizon)
        The simulated years' own means, from that of a year that has begun.
    """

    probabilities: StateProbabilities
    year_means: np.ndarray


def moving_average(
    means: np.ndarray,
    breaks: np.ndarray,
    rule: OutcomeRule = RULE,
    paths: int = PATHS,
    seed: int = SEED,
    so_far: YearSoFar | None = None,
) -> RivalForecast:
    """Forecast the five years after a history; the same history gives the same numbers.

    Where a year has begun, its rows count as they are, and the rest of it comes out as a whole year would; the level
    then moves with them as far as they weigh in that year.

    Parameters
    ----------
    means : ndarray, shape (year,)
        Each year's mean under the rule, oldest first, NaN without an event; at least the rule's memory.
    breaks : ndarray of bool, shape (year,)
        Whether the year held a break act.
    so_far : YearSoFar, optional
        The year after the history, which has begun.

    Raises
    ------
    OutcomeError
        Too short a history, or one without any event.
    """
    known = _checked(means, rule.memory_years)
    level, surprises = _followed(known)
    rng = np.random.default_rng(seed)
    steps = np.arange(1, len(HORIZONS) + (so_far is not None) + 1)
    drawn = rng.choice(surprises[-MEMORY:][~np.isnan(surprises[-MEMORY:])], (paths, steps.size))
    hazard = np.full(drawn.shape, (np.sum(breaks) + 0.5) / (len(breaks) + 1))
    broken = rng.random(drawn.shape)
    centres = level * KEPT**steps
    if so_far is not None:
        rows = so_far.rows_to_come(rng, (paths,))
        share = so_far.weight / (so_far.weight + rows * so_far.row)
        moved = level + GAIN * share * (so_far.mean - level)
        centres = moved[:, None] * KEPT ** (steps - share[:, None])
        centres[:, 0] = level * KEPT
        hazard[:, 0] = so_far.hazard(hazard[:, 0])
    years, broken = np.clip(centres + drawn, LOWEST, HIGHEST), broken < hazard
    if so_far is not None:
        years[:, 0], _ = so_far.whole(years[:, 0], rows)
    books = np.broadcast_to(known[1 - rule.memory_years :], (paths, rule.memory_years - 1))
    windows = np.lib.stride_tricks.sliding_window_view(np.hstack([books, years]), rule.memory_years, axis=1)
    codes = classify(windows, broken, rule)
    state = np.stack([(codes == code).mean(axis=0) for code in range(len(STATES))], axis=-1)
    ever = (
        np.logical_or.accumulate(codes == one.code, axis=1).mean(axis=0) for one in (Scenario.RUPTURE, Scenario.DEEPER)
    )
    return RivalForecast(probabilities=StateProbabilities(state, *ever), year_means=years)


def _followed(means: np.ndarray) -> tuple[float, np.ndarray]:
    """The level after the last year, and each year's surprise, its mean less what was forecast a year before."""
    level, surprises = 0.0, np.full(len(means), np.nan)
    for year, mean in enumerate(means):
        if not np.isnan(mean):
            surprises[year] = mean - KEPT * level
            level += GAIN * (mean - level)
    return level, surprises


def _checked(means: np.ndarray, memory: int) -> np.ndarray:
    known = np.asarray(means, dtype=np.float64)
    if known.ndim != 1 or known.size < memory or np.isnan(known[-MEMORY:]).all():
        raise OutcomeError(
            f"got a history of shape {known.shape}, expected {memory} years or more, a recorded one among the last "
            f"{MEMORY}; give it every year since 1950"
        )
    return known
