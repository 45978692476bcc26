"""Every forecast in the record against what happened: one long table, a row for each forecast, model and target."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date
from functools import cache

import numpy as np
import pandas as pd

from data.days import horizons_from
from data.values import frozen
from models.names import MODEL_M0, MODEL_MIXTURE, STATES, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE
from models.outcome.signposts import DUE, OPEN
from models.record.entries import HINDCAST, LIVE, Remark, SavedForecast
from models.record.entry_checks import ANNULLED, DISPUTED, RESOLVED, STATE
from models.record.listing import shown_names
from models.record.resolutions import Resolution
from models.scores.rules import brier_score, floored_log_score, log_score, ranked_probability_score
from models.track.asked import by_question

DEFAULT = "default"
"""The mixture under the default assumptions, beside every saved variant."""
BASE_RATE = "base_rate"
"""M0 with its hazard at the default: what everybody is measured against. The M0 that a forecast published is no such
measure where its author moved that hazard: a bad one of one's own is easily beaten."""
HAZARD = "rupture_hazard"
"""The only assumption that M0 knows."""
SCORES = ("rps", "brier", "log")
P = tuple(f"p_{state}" for state in STATES)
P_YES = "p_yes"
WINDOWS: Mapping[str, str] = {TARGET_RUPTURE: "rupture", TARGET_DEEPER: "deeper"}
YES, NO = "yes", "no"


@frozen
class Scored:
    """How one target of one forecast ended: its status, and the observed state, "yes" or "no" when resolved."""

    status: str
    observed: str = ""


def scored_table(
    forecasts: Sequence[SavedForecast], resolutions: Iterable[Resolution], today: date, remarks: Iterable[Remark] = ()
) -> pd.DataFrame:
    """One row for each saved forecast, model, target and horizon.

    Returns
    -------
    DataFrame
        ``digest, sequence, name, author, saved_at, mark`` ("live" or "hindcast", of this forecast for this target),
        ``assumptions, evidence, rule, model_id`` (`models.names.MODELS`, `DEFAULT` or `BASE_RATE`, which are missing
        where they are not known), ``origin`` (the reference date: a day within a year is another origin than its
        end), ``target, horizon, target_year, target_end_date, status`` (of the question, see
        `models.track.resolution`), ``observed``, ``p_*`` of the four states, ``p_yes`` of the windows, and
        ``rps, brier, log``, missing unless resolved. Brier scores are summed over the outcomes, four or two, so that
        both kinds run from 0 to 2.
    """
    if not forecasts:
        return _empty()
    shown = shown_names(forecasts, remarks)
    usual = usual_base_rates(forecasts)
    places = [
        (index, model, values) for index, saved in enumerate(forecasts) for model, values in _models(saved, usual)
    ]
    index = np.array([place for place, *_ in places])
    state, windows = _chances([values for *_, values in places])
    table = _layout(forecasts, shown, index, np.array([model for _, model, _ in places], dtype=object))
    for column, values in zip(P, state.T, strict=True):
        table[column] = values
    table[P_YES] = windows
    _answer(table, forecasts, index, resolutions, today)
    return _scored(table)


def answers(
    origins: Iterable[date], rules: Iterable[str], resolutions: Iterable[Resolution], today: date
) -> dict[tuple[date, str, str, int], Scored]:
    """How every target ended, by reference date, rule digest, target and horizon."""
    histories = by_question(resolutions)
    states = {(int(year), rule): past[0] for (kind, year, rule), past in histories.items() if kind == STATE}
    rules = tuple(rules)
    ended = {}
    for origin in origins:
        horizons = horizons_from(origin)
        for rule in rules:
            years = [_year_answer(origin.year + h, rule, states, today) for h in horizons]
            for place, (h, answer) in enumerate(zip(horizons, years, strict=True), start=1):
                ended[origin, rule, TARGET_STATE, h] = answer
                for target, state in WINDOWS.items():
                    ended[origin, rule, target, h] = window_answer(years[:place], state)
    return ended


def window_answer(years: Sequence[Scored], state: str) -> Scored:
    """Whether a state was reached at any of the year-ends of a window, once every one of them is answered.

    A yes may be known years before the last day and whatever became of the other year-ends, a no never: windows that
    are answered as soon as they can be would be yeses too often. So all wait, and a gap sets any window aside.
    """
    statuses = {answer.status for answer in years}
    for status in (OPEN, DUE, DISPUTED, ANNULLED):
        if status in statuses:
            return Scored(status=status)
    return Scored(status=RESOLVED, observed=YES if any(answer.observed == state for answer in years) else NO)


def _year_answer(year: int, rule: str, states: Mapping[tuple[int, str], Resolution], today: date) -> Scored:
    """By what was answered under the rule that the forecast was asked under, whatever other rules say."""
    resolution = states.get((year, rule))
    if resolution is None:
        return Scored(status=DUE if date(year, 12, 31) < today else OPEN)
    return Scored(status=resolution.status, observed=resolution.outcome if resolution.status == RESOLVED else "")


type BaseRates = Mapping[tuple[str, str, str], Mapping[str, tuple]]


def usual_base_rates(forecasts: Iterable[SavedForecast]) -> BaseRates:
    """M0 at its default by what alone decides it: evidence, outcome rule and model version."""
    left = (saved for saved in forecasts if HAZARD not in saved.changed and MODEL_M0 in saved.published)
    return {_basis_of(saved): saved.published[MODEL_M0] for saved in left}


def _basis_of(saved: SavedForecast) -> tuple[str, str, str]:
    return saved.evidence, saved.rule, saved.model


def _models(saved: SavedForecast, usual: BaseRates) -> Iterator[tuple[str, Mapping[str, tuple]]]:
    yield from saved.published.items()
    if MODEL_MIXTURE in saved.default:
        yield DEFAULT, saved.default[MODEL_MIXTURE]
    if HAZARD not in saved.changed and MODEL_M0 in saved.published:
        yield BASE_RATE, saved.published[MODEL_M0]
    elif base := saved.default.get(MODEL_M0) or usual.get(_basis_of(saved)):
        yield BASE_RATE, base


_TARGETS = (TARGET_STATE, *WINDOWS)
_NO_CHANCES = (np.nan,) * len(STATES)


@cache
def _asked(horizons: tuple[int, ...]) -> tuple[tuple[str, int], ...]:
    """Rows of one model of one forecast: its horizons of the state, then of either window."""
    return tuple((target, h) for target in _TARGETS for h in horizons)


def _chances(values: Sequence[Mapping[str, tuple]]) -> tuple[np.ndarray, np.ndarray]:
    """Chances of the four states (row, state) and of a yes (row,), NaN where a row is not about them."""
    state: list[tuple[float, ...]] = []
    windows: list[float] = []
    for targets in values:
        chances, yes = targets[TARGET_STATE], (*targets[TARGET_RUPTURE], *targets[TARGET_DEEPER])
        state += (*chances, *(_NO_CHANCES,) * len(yes))
        windows += (*(np.nan,) * len(chances), *yes)
    return np.array(state, dtype=float), np.array(windows, dtype=float)


def _layout(
    forecasts: Sequence[SavedForecast], shown: Mapping[str, str], index: np.ndarray, model: np.ndarray
) -> pd.DataFrame:
    """Every column that is known before anything happens."""
    facts = pd.DataFrame(
        {
            "digest": [saved.digest for saved in forecasts],
            "sequence": [saved.sequence for saved in forecasts],
            "name": [shown[saved.digest] for saved in forecasts],
            "author": [saved.author for saved in forecasts],
            "saved_at": [saved.saved_at for saved in forecasts],
            "assumptions": [saved.assumptions for saved in forecasts],
            "evidence": [saved.evidence for saved in forecasts],
            "rule": [saved.rule for saved in forecasts],
            "origin": pd.to_datetime([saved.reference_date for saved in forecasts]),
            "_first": [saved.reference_date.year + saved.horizons[0] for saved in forecasts],
            "_live": [saved.counts_as == LIVE for saved in forecasts],
            "_saved": pd.to_datetime([saved.saved_at.astimezone(UTC).date() for saved in forecasts]),
        }
    )
    asked = [_asked(forecasts[place].horizons) for place in index]
    sizes = [len(rows) for rows in asked]
    table = facts.iloc[np.repeat(index, sizes)].reset_index(drop=True)
    table["model_id"] = np.repeat(model, sizes)
    table["target"] = [target for rows in asked for target, _ in rows]
    table["horizon"] = [h for rows in asked for _, h in rows]
    table["target_year"] = table["origin"].dt.year.astype(int) + table["horizon"]
    days = {year: pd.Timestamp(year, 12, 31) for year in table["target_year"].unique()}
    table["target_end_date"] = table["target_year"].map(days)
    # `models.track.marks.first_day`: a window's first year-end may have answered it
    first = np.where(table["target"] == TARGET_STATE, table["target_year"], table["_first"])
    before = table["_live"] & (table["_saved"] < pd.Series(first, index=table.index).map(days))
    table["mark"] = np.where(before, LIVE, HINDCAST)
    return table.drop(columns=["_live", "_saved", "_first"])


def _answer(
    table: pd.DataFrame,
    forecasts: Sequence[SavedForecast],
    index: np.ndarray,
    resolutions: Iterable[Resolution],
    today: date,
) -> None:
    """Add ``status`` and ``observed``."""
    pairs = [(saved.reference_date, saved.rule) for saved in forecasts]
    ended = answers({day for day, _ in pairs}, {rule for _, rule in pairs}, resolutions, today)
    per = [[ended[day, rule, *row] for row in _asked(horizons_from(day))] for day, rule in pairs]
    for name in ("status", "observed"):
        table[name] = [getattr(answer, name) for place in index for answer in per[place]]


def _scored(table: pd.DataFrame) -> pd.DataFrame:
    """Add the three scores of what is resolved; a yes-or-no window is scored as a forecast of two states."""
    for score in SCORES:
        table[score] = np.nan
    done = table["status"] == RESOLVED
    rows = done & (table["target"] == TARGET_STATE)
    if rows.any():
        p = table.loc[rows, list(P)].to_numpy()
        codes = table.loc[rows, "observed"].map({state: code for code, state in enumerate(STATES)}).to_numpy(dtype=int)
        for score, of in zip(SCORES, (ranked_probability_score, brier_score, log_score), strict=True):
            table.loc[rows, score] = of(p, codes)
    rows = done & (table["target"] != TARGET_STATE)
    if rows.any():
        p, yes = table.loc[rows, P_YES].to_numpy(), (table.loc[rows, "observed"] == YES).to_numpy()
        given = np.where(yes, p, 1 - p)
        table.loc[rows, "rps"] = np.square(p - yes)
        table.loc[rows, "brier"] = 2 * np.square(p - yes)
        table.loc[rows, "log"] = floored_log_score(given)
    return table


def _empty() -> pd.DataFrame:
    columns = "digest sequence name author saved_at assumptions evidence rule origin model_id target horizon"
    more = "target_year target_end_date mark"
    return pd.DataFrame(columns=[*columns.split(), *more.split(), *P, P_YES, "status", "observed", *SCORES])
