"""Scores of the chances against each rule's own past, with intervals: what was named beforehand, and the rest.

Questions of one origin share the rows of its years, so whole origins are drawn and never questions
(docs/decisions/0021).
"""

from collections.abc import Mapping
from itertools import pairwise, product
from types import MappingProxyType

import numpy as np
import pandas as pd

from data.digest import Fields
from models.backtest.mid_year import AIM
from models.backtest.scores import PRIMARY, SECONDARY, plain_interval
from models.scores.bootstrap import mean_interval, pooled_interval, shared_years, skill_verdict
from models.scores.rules import floored_log_score
from models.signpost_study.chances import NO_EXPOSURE, NO_FADING, SIGNPOST_MODEL
from models.signpost_study.questions import AHEAD, FIRST_ORIGIN
from models.signposts.yardsticks import EXPANDING, TEN_YEARS

REFERENCES = (EXPANDING, TEN_YEARS)
"""The first is that of the primary comparison, the second that of the aim beside it."""
FORECASTERS = (SIGNPOST_MODEL, *REFERENCES, NO_EXPOSURE, NO_FADING)
BRIER, LOG = "brier", "log"
SINCE = (FIRST_ORIGIN, 2005)
UNSEEN = "unseen"
"""Questions about rows whose kind the ledger of the origin had never held."""
ALL = "all"
EDGES = (0.0, 0.05, 0.1, 0.2, 0.35, 1.0)
"""Of the chances that are counted together in `calibration`."""
_DECIDES: Mapping[str, str] = MappingProxyType({EXPANDING: PRIMARY, TEN_YEARS: AIM})


def penalties(chance: np.ndarray, yes: np.ndarray) -> dict[str, np.ndarray]:
    """Brier score (0 to 1) and log score (floored) of chances of a yes; lower is better.

    Parameters
    ----------
    chance, yes : ndarray, shape (question,)
    """
    realised = np.where(yes, chance, 1 - chance)
    return {BRIER: np.square(chance - yes), LOG: floored_log_score(realised)}


def score_table(answers: pd.DataFrame) -> pd.DataFrame:
    """Mean scores of every forecaster.

    Parameters
    ----------
    answers : DataFrame
        ``origin, horizon, id, yes, unseen`` and a column of chances for each of `FORECASTERS`.

    Returns
    -------
    DataFrame
        ``forecaster, since, questions`` (all or unseen), ``horizon`` (0 for all pooled), ``number, expected`` (mean
        chance), ``came`` (share of yes), ``brier, log``.
    """
    rows = []
    for since in SINCE:
        for questions in (ALL, UNSEEN):
            kept = answers[(answers["origin"] >= since) & (answers[UNSEEN] | (questions == ALL))]
            for horizon in (0, *AHEAD):
                own = kept[kept["horizon"].isin([horizon] if horizon else AHEAD)]
                about = {"since": since, "questions": questions, "horizon": horizon, "number": len(own)}
                rows += [{"forecaster": name, **about, **_means(own, name)} for name in FORECASTERS]
    return pd.DataFrame(rows).sort_values("forecaster", key=lambda names: names.map(FORECASTERS.index), kind="stable")


def _means(own: pd.DataFrame, name: str) -> Fields:
    chance, yes = own[name].to_numpy(float), own["yes"].to_numpy(float)
    scores = {score: float(values.mean()) for score, values in penalties(chance, yes).items()}
    return {"expected": float(chance.mean()), "came": float(yes.mean()), **scores}


def comparisons(answers: pd.DataFrame) -> pd.DataFrame:
    """The chances against the references, and against themselves without a part of them.

    Returns
    -------
    DataFrame
        ``reference, score, horizon`` (0 for all pooled), ``since, role`` (primary, aim, secondary), ``met`` where one
        decides, ``origins, ours, theirs, difference, low, high, verdict``.
    """
    origins = np.sort(answers["origin"].unique())
    grids = {name: {score: _by_origin(answers, name, score) for score in (BRIER, LOG)} for name in FORECASTERS}
    rows = []
    for reference, score, horizon, since in product(FORECASTERS[1:], (BRIER, LOG), (0, *AHEAD), SINCE):
        about = {"reference": reference, "score": score, "horizon": horizon, "since": since}
        ours, theirs = (grids[name][score][origins >= since] for name in (SIGNPOST_MODEL, reference))
        own = compared(ours, theirs, horizon)
        rows.append({**about, **_decides(about, own["high"]), **own})
    return pd.DataFrame(rows)


def compared(ours: np.ndarray, theirs: np.ndarray, horizon: int) -> Fields:
    """Two forecasters' mean scores at one horizon or at all (0), their difference and its interval.

    Parameters
    ----------
    ours, theirs : ndarray, shape (origin, horizon)
    """
    if horizon:
        ours, theirs = (values[:, horizon - 1] for values in (ours, theirs))
        known = ~np.isnan(ours)
        interval = mean_interval((ours - theirs)[known], shared_years(horizon))
    else:
        interval = pooled_interval(ours - theirs, shared_years(max(AHEAD)))
    return {
        "origins": interval.origins,
        "ours": float(np.nanmean(ours)),
        "theirs": float(np.nanmean(theirs)),
        **plain_interval(interval),
        "verdict": skill_verdict(interval),
    }


def _by_origin(answers: pd.DataFrame, name: str, score: str) -> np.ndarray:
    """Mean scores (origin, horizon); NaN where no answer has come."""
    values = penalties(answers[name].to_numpy(float), answers["yes"].to_numpy(float))[score]
    return answers.assign(value=values).pivot_table(values="value", index="origin", columns="horizon").to_numpy(float)


def _decides(about: Fields, high: float | None) -> Fields:
    """Role of a comparison, and whether what was asked of its interval's upper end was kept."""
    named = about["score"] == BRIER and not about["horizon"] and about["since"] == FIRST_ORIGIN
    role = _DECIDES.get(about["reference"], SECONDARY) if named else SECONDARY
    if role == SECONDARY:
        return {"role": role, "met": None}
    return {"role": role, "met": high is not None and (high < 0 if role == PRIMARY else high <= 0)}


def calibration(answers: pd.DataFrame) -> pd.DataFrame:
    """What was forecast beside what came, by size of the chance.

    Returns
    -------
    DataFrame
        ``horizon`` (0 for all pooled), ``above, up_to, number, expected, came``.
    """
    rows = []
    for horizon in (0, *AHEAD):
        own = answers[answers["horizon"].isin([horizon] if horizon else AHEAD)]
        place = np.digitize(own[SIGNPOST_MODEL], EDGES[1:-1], right=True)
        for index, (above, up_to) in enumerate(pairwise(EDGES)):
            if (part := own[place == index]).size:
                means = {"expected": float(part[SIGNPOST_MODEL].mean()), "came": float(part["yes"].mean())}
                rows.append({"horizon": horizon, "above": above, "up_to": up_to, "number": len(part), **means})
    return pd.DataFrame(rows)
