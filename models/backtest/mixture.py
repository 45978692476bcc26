"""What mixing the members would have said at each past year-end, by fixed shares or by what was known then."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from models.backtest.controls import AS_RECORDED
from models.backtest.outcomes import ERRORS, OUTCOMES, QUANTILES, TASK
from models.names import MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, MODEL_MIXTURE
from models.scores.distributions import mixed_quantiles
from models.scores.rules import ScoreError

PRIOR_SHARES: Mapping[str, float] = MappingProxyType({MODEL_M0: 0.25, MODEL_M1: 0.40, MODEL_M2: 0.05, MODEL_M3: 0.30})
"""Written down before any score under the present rule (docs/decisions/0016): thirds among the three that know the
whole past, the alignment a little more since it alone answers the claims, the regression at no more than its learned
share."""
CHOSEN = "chosen"
PLACE = ["origin", "horizon"]


def mixture_table(hindcasts: pd.DataFrame, variant: str = AS_RECORDED) -> pd.DataFrame:
    """The mixture of the members that were there at each origin, their shares renormalised.

    Parameters
    ----------
    hindcasts : DataFrame
        `models.backtest.outcomes.hindcast_table`.
    variant : str
        Rows of it take the place of a member's own where there are any; origins without one are left out.

    Returns
    -------
    DataFrame
        Rows of `hindcasts` with the model `MODEL_MIXTURE`; Monte Carlo errors as of independent members.
    """
    rows = _members(hindcasts, variant)
    if rows.empty:
        return rows
    shares = rows["model_id"].map(PRIOR_SHARES)
    place = [rows[name] for name in PLACE]
    total = shares.groupby(place).sum()
    mixed = rows[OUTCOMES].mul(shares, axis=0).groupby(place).sum().div(total, axis=0)
    errors = np.sqrt(np.square(rows[ERRORS].mul(shares, axis=0)).groupby(place).sum()).div(total, axis=0)
    return _named(rows, variant).join(mixed).join(errors).reset_index().assign(failed="")[list(hindcasts.columns)]


def mean_mixture_table(year_means: pd.DataFrame, variant: str = AS_RECORDED) -> pd.DataFrame:
    """The same of each year's own mean, among the members that simulate ledgers (`year_mean_table`)."""
    rows = _members(year_means, variant)
    if rows.empty:
        return rows
    whole = _named(rows, variant)
    parts = {place: (part[QUANTILES].to_numpy(), part["model_id"].map(PRIOR_SHARES)) for place, part in _by_place(rows)}
    mixed = {place: mixed_quantiles(list(quantiles), list(shares)) for place, (quantiles, shares) in parts.items()}
    table = pd.DataFrame.from_dict(mixed, orient="index", columns=QUANTILES)
    table.index = pd.MultiIndex.from_tuples(table.index, names=PLACE)
    return whole.join(table).reset_index()[list(year_means.columns)]


def _by_place(rows: pd.DataFrame):
    return rows.groupby(PLACE, sort=True)


def _members(table: pd.DataFrame, variant: str) -> pd.DataFrame:
    """The members' rows that are mixed: those of the variant, and of a member without one its own."""
    own = table[table["model_id"].isin(MEMBERS)]
    moved, plain = own[own["variant"] == variant], own[own["variant"] == AS_RECORDED]
    origins = set(moved["origin"])
    rest = plain[~plain["model_id"].isin(set(moved["model_id"])) & plain["origin"].isin(origins)]
    return pd.concat([moved, rest], ignore_index=True)


def _named(rows: pd.DataFrame, variant: str) -> pd.DataFrame:
    """What names each mixed forecast and what happened, by origin and horizon."""
    named = rows.drop_duplicates(PLACE).assign(model_id=MODEL_MIXTURE, variant=variant).set_index(PLACE)
    kept = [name for name in (*TASK, "observed", "tone") if name in named.columns]
    return named[kept].sort_index()


def chosen_by_origin(candidates: Mapping[str, pd.DataFrame], name: str, score: str = "rps") -> pd.DataFrame:
    """At each origin the candidate that had scored best on what was known by then.

    A choice that somebody could have made: no score has seen a target after the origin. Before any target has come,
    and for ties, the candidates count alike.

    Parameters
    ----------
    candidates : Mapping[str, DataFrame]
        Scored hindcasts (`models.backtest.scores.scored`) of one model and variant each; compared over the origins
        and horizons that all share.
    name : str
        Model id of the rows returned.

    Returns
    -------
    DataFrame
        ``kind, model_id, variant, origin, horizon, target_year, observed``, ``p_*``, and ``chosen``, the candidates
        that were mixed, by "; ".

    Raises
    ------
    ScoreError
        No candidates, or none of their targets in common.
    """
    tables = {key: table.set_index(PLACE).sort_index() for key, table in candidates.items()}
    shared = sorted(set.intersection(*(set(table.index) for table in tables.values()))) if tables else []
    if not shared:
        raise ScoreError(f"got {len(tables)} candidates without a common target, expected some; fit the same origins")
    tables = {key: table.loc[shared] for key, table in tables.items()}
    first = next(iter(tables.values()))
    parts = []
    for origin in sorted({place[0] for place in shared}):
        best = _best_by(tables, first["target_year"].to_numpy() <= origin, score)
        mixed = sum(tables[key].loc[[origin], OUTCOMES] for key in best) / len(best)
        about = first.loc[[origin]].assign(model_id=name, variant=AS_RECORDED, chosen="; ".join(best))
        parts.append(about.assign(**{column: mixed[column] for column in OUTCOMES}))
    table = pd.concat(parts).reset_index()
    return table[[*TASK, "observed", *OUTCOMES, CHOSEN]]


def _best_by(tables: Mapping[str, pd.DataFrame], known: np.ndarray, score: str) -> list[str]:
    """The candidates with the lowest mean score over the known targets; all while none is known."""
    if not known.any():
        return list(tables)
    means = {key: float(table[score].to_numpy()[known].mean()) for key, table in tables.items()}
    return [key for key, mean in means.items() if mean == min(means.values())]
