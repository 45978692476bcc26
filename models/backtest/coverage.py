"""Did the ranges of the years' means hold what they promised? Shares inside, beside what calibration would give.

The band around each share answers what chance alone would do to a forecaster whose ranges are right. Forecasts of one
target from several origins meet the same outcome, and forecasts from one origin share the surprises of the years
between, so hits cannot be drawn one by one. They are drawn as one path of surprises a simulation, one for each year:
what a forecast h years ahead misses is the last year's surprise and what is left of the h - 1 before it. In a
calibrated sequence of forecasts the surprises of single years are independent of each other and of what was known
(Dawid's prequential principle); how much of an older one is left is read from the forecasts themselves, from how their
ranges grow with the horizon. Every forecast is thus right by itself, and all of them hang together as theirs do.

References: Dawid (1984), Journal of the Royal Statistical Society A 147, 278-292.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from data.digest import Fields
from models.backtest.controls import AS_RECORDED
from models.backtest.outcomes import QUANTILES
from models.backtest.year_means import MEAN_FORECASTERS
from models.names import HORIZONS
from models.scores.distributions import LEVELS, crps, held, widened

SHARES = (0.5, 0.8, 0.9)
"""Central ranges that are asked about."""
FACTORS = (0.8, 1.0, 1.2)
"""Ranges a fifth narrower, as they are, and a fifth wider."""
RECENT = 1990
"""First origin that counts: what was published in volatile decades says little of ranges today."""
SIMULATIONS, SEED = 10_000, 20_241_231
"""Ten thousand leave the ends of a band within half a hundredth."""
BAND = (0.025, 0.975)


def coverage(table: pd.DataFrame, first: int = RECENT, last: int | None = None) -> pd.DataFrame:
    """Shares of outcomes inside central ranges, per horizon and pooled, with the bands of calibrated forecasts.

    Parameters
    ----------
    table : DataFrame
        `models.backtest.outcomes.year_mean_table`; any number of models.
    first, last : int
        Origins that count, both included; to the last one there is when omitted.

    Returns
    -------
    DataFrame
        ``model_id, horizon`` (0 for all pooled), ``level, origins, forecasts, inside`` (share), ``low, high`` (the band
        that 95 % of calibrated simulations of the same origins give), ``within``.
    """
    rows = [row for model, part in _recent(table, first, last) for row in _model_coverage(model, part)]
    return pd.DataFrame(rows)


def spreads(table: pd.DataFrame, first: int = RECENT, last: int | None = None) -> pd.DataFrame:
    """Mean CRPS, all horizons pooled, of the ranges as they are and a fifth wider and narrower around their medians.

    Parameters as `coverage`.

    Returns
    -------
    DataFrame
        ``model_id, factor, crps, best`` (whether no other factor scored lower).
    """
    rows = []
    for model, part in _recent(table, first, last):
        quantiles, observed = part[QUANTILES].to_numpy(float), part["observed"].to_numpy(float)
        means = {factor: float(crps(widened(quantiles, factor), observed).mean()) for factor in FACTORS}
        best = min(means.values())
        rows += [{"model_id": model, "factor": f, "crps": mean, "best": mean == best} for f, mean in means.items()]
    return pd.DataFrame(rows)


def _recent(table: pd.DataFrame, first: int, last: int | None) -> Iterable[tuple[str, pd.DataFrame]]:
    chosen = (table["variant"] == AS_RECORDED) & (table["origin"] >= first)
    plain = table[chosen & (table["origin"] <= (last or table["origin"].max()))]
    parts = ((model, plain[plain["model_id"] == model]) for model in MEAN_FORECASTERS)
    return [(model, part.sort_values(["origin", "horizon"])) for model, part in parts if len(part)]


def _model_coverage(model: str, part: pd.DataFrame) -> list[Fields]:
    quantiles, observed = part[QUANTILES].to_numpy(float), part["observed"].to_numpy(float)
    origin, horizon = part["origin"].to_numpy(), part["horizon"].to_numpy()
    drawn = calibrated_places(origin, horizon, left_of_surprises(quantiles, horizon))
    rows = []
    for share in SHARES:
        hit, simulated = held(quantiles, observed, share), np.abs(drawn - 0.5) <= share / 2
        for ahead in (0, *HORIZONS):
            chosen = horizon == ahead if ahead else np.ones(len(part), dtype=bool)
            if chosen.any():
                low, high = (float(end) for end in np.quantile(simulated[:, chosen].mean(axis=1), BAND))
                inside = float(hit[chosen].mean())
                about = {"model_id": model, "horizon": ahead, "level": share}
                counts = {"origins": len(set(origin[chosen])), "forecasts": int(chosen.sum())}
                ends = {"low": low, "high": high, "within": low <= inside <= high}
                rows.append({**about, **counts, "inside": inside, **ends})
    return rows


def left_of_surprises(quantiles: np.ndarray, horizon: np.ndarray) -> np.ndarray:
    """How much of a surprise is left after 0, 1, ... years, relative to its first, by how ranges grow, (horizon,).

    If a forecast h years ahead misses a sum of h independent surprises, its variance grows by the square of what is
    left of the oldest. A range that does not grow with the horizon leaves nothing.

    Parameters
    ----------
    quantiles : ndarray, shape (forecast, level)
    horizon : ndarray of int, shape (forecast,)
    """
    low, high = (int(np.argmin(np.abs(LEVELS - level))) for level in (0.16, 0.84))
    spread = np.square((quantiles[:, high] - quantiles[:, low]) / 2)
    variance = np.array([spread[horizon == ahead].mean() if (horizon == ahead).any() else 0.0 for ahead in HORIZONS])
    grown = np.maximum.accumulate(variance)
    return np.sqrt(np.concatenate([[1.0], np.diff(grown) / grown[0]]))


def calibrated_places(
    origin: np.ndarray, horizon: np.ndarray, left: np.ndarray, simulations: int = SIMULATIONS, seed: int = SEED
) -> np.ndarray:
    """Where outcomes would fall in the forecasts' distributions, 0 to 1, were all of them calibrated.

    Parameters
    ----------
    origin, horizon : ndarray of int, shape (forecast,)
    left : ndarray, shape (horizon,)
        `left_of_surprises`.

    Returns
    -------
    ndarray, shape (simulation, forecast)
        Each column is uniform; columns that share years depend on each other.
    """
    from scipy.special import ndtr

    first, last = int(origin.min()) + 1, int((origin + horizon).max())
    surprises = np.random.default_rng(seed).standard_normal((simulations, last - first + 1))
    places = np.empty((simulations, origin.size))
    for index, (start, ahead) in enumerate(zip(origin.tolist(), horizon.tolist(), strict=True)):
        kept = left[:ahead][::-1]
        missed = surprises[:, start + 1 - first : start + ahead + 1 - first] @ kept
        places[:, index] = ndtr(missed / np.linalg.norm(kept))
    return places
