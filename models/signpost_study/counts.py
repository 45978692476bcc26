"""How many of an origin's questions were answered yes: did the range of that number hold what it promised?

All questions of an origin share one luck of the rows to come, and given it they are independent; nested rules are not,
and no correction is made for them. What calibrated forecasters would reach is simulated as for the years' means
(`models.backtest.coverage`): windows that share years share their surprises.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from models.backtest.coverage import BAND, calibrated_places
from models.signpost_study.questions import AHEAD

LEVEL = 0.9
"""Of the central range."""


def count_law(by_luck: np.ndarray) -> np.ndarray:
    """Law of the number of yes among questions, shape (question + 1,).

    Parameters
    ----------
    by_luck : ndarray, shape (question, future)
        Chance of each in futures that are equally likely.
    """
    law = np.zeros((len(by_luck) + 1, by_luck.shape[1]))
    law[0] = 1.0
    for chance in by_luck:
        law[1:] = law[1:] * (1 - chance) + law[:-1] * chance
        law[0] *= 1 - chance
    return law.mean(axis=1)


def coverage(origins: Sequence[int], laws: Mapping[int, Sequence[np.ndarray]], counts: np.ndarray) -> pd.DataFrame:
    """Shares of origins whose number of yes lay in its central range, beside those of calibrated forecasters.

    Parameters
    ----------
    origins : sequence of int
    laws : Mapping[int, sequence of ndarray]
        `count_law` at every origin, by horizon.
    counts : ndarray, shape (origin, horizon)
        Numbers that came; NaN where the window has not ended.

    Returns
    -------
    DataFrame
        ``horizon, level, origins, expected, came`` (mean numbers), ``inside`` (share), ``low, high`` (middle 95 % of
        calibrated forecasters), ``within``.
    """
    rows = []
    for index, ahead in enumerate(AHEAD):
        known = ~np.isnan(counts[:, index])
        came, own = counts[known, index], [law for law, yes in zip(laws[ahead], known, strict=True) if yes]
        below = [np.cumsum(law) for law in own]
        ends = np.array([np.searchsorted(total, ((1 - LEVEL) / 2, (1 + LEVEL) / 2)) for total in below])
        hit = (came >= ends[:, 0]) & (came <= ends[:, 1])
        when = np.array(origins)[known]
        places = calibrated_places(when, np.full(when.size, ahead), np.ones(max(AHEAD)))
        edges = [(([0.0, *total])[low], total[high]) for total, (low, high) in zip(below, ends, strict=True)]
        least, most = np.array(edges).T
        calibrated = ((places > least) & (places <= most)).mean(axis=1)
        low, high = (float(end) for end in np.quantile(calibrated, BAND))
        expected = float(np.mean([law @ np.arange(law.size) for law in own]))
        about = {"horizon": ahead, "level": LEVEL, "origins": int(known.sum()), "expected": expected}
        inside = float(hit.mean())
        shares = {"came": float(came.mean()), "inside": inside, "low": low, "high": high}
        rows.append({**about, **shares, "within": low <= inside <= high})
    return pd.DataFrame(rows)
