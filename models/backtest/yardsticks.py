"""Simple forecasts at every origin, in the hindcasts' columns: what the models have to beat."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from data.days import last_whole_year
from data.digest import Fields
from data.types import Evidence
from models.backtest.controls import AS_RECORDED
from models.backtest.outcomes import OUTCOMES, QUANTILES, TASK, History, came, year_mean_rows
from models.base_rate.references import (
    RECENT_YEARS,
    SHORT_YEARS,
    climatology,
    mean_climatology,
    mean_persistence,
    persistence,
    softened_persistence,
)
from models.base_rate.rival import RivalForecast, moving_average
from models.measures.readings import read_ledger
from models.measures.structure import ALIGNMENT
from models.outcome.rule import RULE, OutcomeRule, yearly_readings
from models.scores.distributions import quantiles_of

CLIMATOLOGY, CLIMATOLOGY_30, CLIMATOLOGY_15 = "climatology", "climatology_30", "climatology_15"
PERSISTENCE, SOFTENED, RIVAL = "persistence", "softened_persistence", "moving_average"
YARDSTICKS = (CLIMATOLOGY, CLIMATOLOGY_30, PERSISTENCE, SOFTENED, RIVAL)
"""Of the state: frequencies since 1950 and of thirty years, "nothing changes" hard and softened, the rival."""
MEAN_YARDSTICKS = (CLIMATOLOGY_15, CLIMATOLOGY_30, PERSISTENCE, RIVAL)
"""Of a year's own mean."""
_STATES, _MEANS = [*TASK, "observed", *OUTCOMES], [*TASK, "observed", "tone", *QUANTILES]


def reference_table(evidence: Evidence, origins: Iterable[int], rule: OutcomeRule = RULE) -> pd.DataFrame:
    """`YARDSTICKS` at every origin, in the hindcasts' columns; only the rival says how likely any rupture is."""
    history, rows = History(evidence, rule), []
    for origin in origins:
        for name, p in _states_of(history, origin).items():
            rows += _state_rows(history, (name, AS_RECORDED, date(origin, 12, 31)), p)
    return pd.DataFrame(rows, columns=_STATES)


def _state_rows(history: History, asked: tuple[str, str, date], p: np.ndarray) -> list[Fields]:
    """Rows of one forecast of the states; `asked` is model, variant and reference date, `p` (horizon, outcome)."""
    rows = []
    for index, named in came(history, *asked):
        if (observed := history.state(named["target_year"])) is not None:
            rows.append({**named, "observed": observed, **dict(zip(OUTCOMES, p[index].tolist(), strict=False))})
    return rows


def _states_of(history: History, origin: int) -> dict[str, np.ndarray]:
    """Each yardstick's probabilities, (horizon, state) or with the two further outcomes."""
    codes, means, breaks = history.up_to(origin)
    return {
        CLIMATOLOGY: climatology(codes),
        CLIMATOLOGY_30: climatology(codes[-RECENT_YEARS:]),
        PERSISTENCE: persistence(int(codes[-1])),
        SOFTENED: softened_persistence(codes),
        RIVAL: moving_average(means, breaks, history.rule).probabilities.outcomes,
    }


def mean_reference_table(evidence: Evidence, origins: Iterable[int], rule: OutcomeRule = RULE) -> pd.DataFrame:
    """`MEAN_YARDSTICKS` at every origin, in the columns of `models.backtest.outcomes.year_mean_table`."""
    history, rows = History(evidence, rule), []
    for origin in origins:
        _, means, breaks = history.up_to(origin)
        forecasts = {
            CLIMATOLOGY_15: mean_climatology(means, SHORT_YEARS),
            CLIMATOLOGY_30: mean_climatology(means),
            PERSISTENCE: mean_persistence(means),
            RIVAL: quantiles_of(moving_average(means, breaks, rule).year_means),
        }
        for name, quantiles in forecasts.items():
            rows += year_mean_rows(history, (name, AS_RECORDED, date(origin, 12, 31)), quantiles)
    return pd.DataFrame(rows, columns=_MEANS)


def tables_inside_years(
    evidence: Evidence, days: Iterable[date], rule: OutcomeRule = RULE
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rival and persistence of the states on any days, and the rival's means of years: both tables' columns."""
    history, states, means = History(evidence, rule), [], []
    for day in days:
        rival = rival_on(evidence.visible(day), rule)
        p = rival.probabilities.outcomes
        stays = persistence(int(history.up_to(last_whole_year(day))[0][-1]))[:1].repeat(len(p), axis=0)
        states += _state_rows(history, (RIVAL, AS_RECORDED, day), p)
        states += _state_rows(history, (PERSISTENCE, AS_RECORDED, day), stays)
        means += year_mean_rows(history, (RIVAL, AS_RECORDED, day), quantiles_of(rival.year_means))
    return pd.DataFrame(states, columns=_STATES), pd.DataFrame(means, columns=_MEANS)


def rival_on(evidence: Evidence, rule: OutcomeRule = RULE) -> RivalForecast:
    """The moving average as of an evidence's last day, whatever day that is."""
    last = last_whole_year(evidence.as_of)
    means, breaks = yearly_readings(evidence.events, ALIGNMENT.first_year, last, rule)
    return moving_average(means, breaks, rule, so_far=read_ledger(evidence, rule).so_far)
