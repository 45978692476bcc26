"""Which answer would have taught most? What history says of the model's ranking of the signposts.

The model's own value of an answer needs its simulated ledgers, which no past origin keeps. What can be had from the
archive is an association: the base rate's archived forecast of the state three years on, tilted by how often each
answer went with each state at other origins, against the same forecast untilted. Origins that share a year with the one
in question are left out when the tilt is learned.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from data.days import last_year_end
from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.backtest.controls import AS_RECORDED
from models.backtest.outcomes import P
from models.backtest.scores import normalised
from models.forecast.results import make_forecast
from models.library.library import Library
from models.names import MODEL_M0, STATES
from models.outcome.signpost_list import Signpost
from models.scores.bootstrap import TAIL, block_length, shared_years, times_drawn
from models.scores.rules import ranked_probability_score
from models.signpost_study.questions import answers, asked
from models.signposts.ask import Question
from models.signposts.board import Board
from models.signposts.value import values

TARGET = 3
"""Years ahead: the window of every question, and the year-end that its answer is held against."""
SINCE = (1976, 1992)
"""First origins: all that the archive has, and those of the study."""
SHRUNK = 4.0
"""Answers at their overall frequency that each state's are joined by, as many as there are states."""
RESAMPLES, SEED = 2_000, 20_241_231


@frozen
class History:
    """How the ranking by the model's expected value agrees with what history taught.

    Attributes
    ----------
    since : int
        First origin.
    origins, rules : int
        What it rests on: rules whose answers were not always the same.
    correlation, low, high : float
        Spearman's, with its 95 % interval by blocks of origins.
    """

    since: int
    origins: int
    rules: int
    correlation: float
    low: float
    high: float


def expected_values(evidence: Evidence, library: Library, signposts: Sequence[Signpost]) -> np.ndarray:
    """Expected fall of the ranked probability score for each rule asked about the next three years, (signpost,)."""
    reference = last_year_end(evidence.as_of)
    dated = [asked(signpost, reference.year, TARGET) for signpost in signposts]
    board = Board.of(evidence, library, dated)
    forecast = make_forecast(evidence, library, Assumptions.defaults(evidence.claims))
    question = Question.of(board, evidence, library, forecast)
    horizon = board.coming.years.index(reference.year + TARGET)
    return values(question, horizon).value


def realised_table(evidence: Evidence, hindcasts: pd.DataFrame, signposts: Sequence[Signpost]) -> pd.DataFrame:
    """Change of the ranked probability score by each rule's true answer, at every origin.

    Parameters
    ----------
    hindcasts : DataFrame
        Of the yearly backtest's archive.

    Returns
    -------
    DataFrame
        ``origin, id, yes, change`` (below nought: the answer would have helped).
    """
    base = hindcasts[(hindcasts["model_id"] == MODEL_M0) & (hindcasts["variant"] == AS_RECORDED)]
    base = base[(base["horizon"] == TARGET) & (base["origin"] >= SINCE[0])].sort_values("origin")
    given = answers(evidence, signposts, base["origin"].tolist())
    wide = given[given["horizon"] == TARGET].pivot_table(values="yes", index="origin", columns="id")
    base = base[base["origin"].isin(wide.index)]
    p, codes = normalised(base[P].to_numpy()), np.array([STATES.index(state) for state in base["observed"]])
    origins, before = base["origin"].to_numpy(), ranked_probability_score(p, codes)
    parts = []
    for name in (signpost.id for signpost in signposts):
        yes = wide.loc[origins, name].to_numpy(bool)
        after = ranked_probability_score(tilted(p, codes, yes, origins), codes)
        parts.append(pd.DataFrame({"origin": origins, "id": name, "yes": yes.astype(int), "change": after - before}))
    return pd.concat(parts, ignore_index=True)


def tilted(p: np.ndarray, codes: np.ndarray, yes: np.ndarray, origins: np.ndarray) -> np.ndarray:
    """Forecasts once the answer is known, by how often it went with each state at origins that share no year.

    Parameters
    ----------
    p : ndarray, shape (origin, state)
    codes, yes, origins : ndarray, shape (origin,)
        State that came, answer, year.

    Returns
    -------
    ndarray, shape (origin, state)
    """
    apart = (np.abs(np.subtract.outer(origins, origins)) >= TARGET).astype(float)
    inside = (codes[:, None] == np.arange(len(STATES))).astype(float)
    number, said = apart @ inside, apart @ (inside * yes[:, None])
    overall = (said.sum(axis=1) + 0.5) / (number.sum(axis=1) + 1)
    chance = (said + SHRUNK * overall[:, None]) / (number + SHRUNK)
    joint = p * np.where(yes[:, None], chance, 1 - chance)
    return joint / joint.sum(axis=1, keepdims=True)


def history_table(realised: pd.DataFrame, expected: pd.Series) -> pd.DataFrame:
    """Agreement of both rankings, a row for each of `SINCE` with the fields of `History`.

    Parameters
    ----------
    realised : DataFrame
        `realised_table`.
    expected : Series
        The model's expected value by id.
    """
    rows = []
    for since in SINCE:
        own = realised[realised["origin"] >= since]
        fall = -own.pivot_table(values="change", index="origin", columns="id")
        both = own.groupby("id")["yes"].mean().between(0, 1, inclusive="neither")
        fall = fall[both[both].index]
        model = expected[fall.columns].to_numpy()
        drawn = times_drawn(len(fall), block_length(len(fall), shared_years(TARGET)), RESAMPLES, SEED)
        means = drawn @ fall.to_numpy() / len(fall)
        low, high = np.quantile(spearman(model, means), (TAIL, 1 - TAIL))
        about = {"since": since, "origins": len(fall), "rules": fall.shape[1]}
        rows.append({**about, "correlation": float(spearman(model, fall.mean().to_numpy())), "low": low, "high": high})
    return pd.DataFrame(rows)


def spearman(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Rank correlation along the last axis; ties share their ranks."""
    from scipy.stats import rankdata

    one, other = (rankdata(values, axis=-1) for values in (first, second))
    one, other = (ranks - ranks.mean(axis=-1, keepdims=True) for ranks in (one, other))
    return (one * other).sum(axis=-1) / np.sqrt(np.square(one).sum(axis=-1) * np.square(other).sum(axis=-1))


def history_of_ranking(folder: Path, since: int = SINCE[1]) -> History:
    """What the archived study says of the ranking.

    Parameters
    ----------
    folder : Path
        ``docs/backtest_signposts``.
    """
    row = pd.read_csv(folder / "history.csv").set_index("since").loc[since]
    counts = {name: int(row[name]) for name in ("origins", "rules")}
    return History(since=since, **counts, **{name: float(row[name]) for name in ("correlation", "low", "high")})
