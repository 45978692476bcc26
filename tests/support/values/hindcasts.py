"""Synthetic hindcasts: states that last, forecasters of known quality, and means that follow a known law."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from models.backtest.controls import AS_RECORDED
from models.backtest.outcomes import ERRORS, HINDCAST, OUTCOMES, QUANTILES
from models.names import HORIZONS, STATES
from models.scores.distributions import LEVELS

LAST = 2025
type Says = Callable[[int, int, np.random.Generator], np.ndarray]


def states_of(first: int = 1975, last: int = LAST, seed: int = 1) -> Mapping[int, int]:
    """A state for every year that stays with chance 0.8."""
    rng, code, codes = np.random.default_rng(seed), 2, {}
    for year in range(first, last + 1):
        code = code if rng.random() < 0.8 else int(rng.integers(4))
        codes[year] = code
    return codes


def vague(_code: int, _horizon: int, rng: np.random.Generator) -> np.ndarray:
    """Says anything."""
    return rng.dirichlet([2.0, 2.0, 4.0, 4.0])


def knowing(share: float) -> Says:
    """Gives what happens `share` more than the other states have."""

    def says(code: int, _horizon: int, _rng: np.random.Generator) -> np.ndarray:
        return np.full(4, (1 - share) / 4) + share * np.eye(4)[code]

    return says


def hindcasts(
    model: str,
    says: Says = vague,
    origins: Iterable[int] = range(1975, LAST),
    variant: str = AS_RECORDED,
    seed: int = 2,
) -> pd.DataFrame:
    """One model's rows, in the columns of `models.backtest.outcomes.hindcast_table`."""
    codes, rng, rows = states_of(), np.random.default_rng(seed), []
    for origin in origins:
        for horizon in (h for h in HORIZONS if origin + h <= LAST):
            code = codes[origin + horizon]
            p = says(code, horizon, rng)
            place = {"origin": origin, "horizon": horizon, "target_year": origin + horizon, "observed": STATES[code]}
            chances = dict(zip(OUTCOMES, [*p, p[0], p[3]], strict=True))
            rows.append({"kind": HINDCAST, "model_id": model, "variant": variant, **place, **chances})
    return pd.DataFrame(rows).assign(**dict.fromkeys(ERRORS, 0.001), failed="")


def year_means(
    model: str, factor: float = 1.0, shift: float = 0.0, origins: Iterable[int] = range(1975, LAST), seed: int = 3
) -> pd.DataFrame:
    """One model's distributions of a random walk in noise; with `factor` 1 and no `shift` they are the true ones."""
    rng = np.random.default_rng(seed)
    levels = np.cumsum(rng.normal(0, 0.5, 100))
    means = dict(enumerate(levels + rng.normal(0, 1, 100), start=1960))
    rows = []
    for origin in origins:
        for horizon in (h for h in HORIZONS if origin + h <= LAST):
            law = stats.norm(levels[origin - 1960] + shift, factor * np.sqrt(0.25 * horizon + 1))
            place = {"origin": origin, "horizon": horizon, "target_year": origin + horizon}
            told = {"observed": means[origin + horizon], "tone": levels[origin - 1960]}
            quantiles = dict(zip(QUANTILES, law.ppf(LEVELS), strict=True))
            rows.append({"kind": HINDCAST, "model_id": model, "variant": AS_RECORDED, **place, **told, **quantiles})
    return pd.DataFrame(rows)
