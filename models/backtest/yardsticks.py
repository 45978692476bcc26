"""Simple forecasts at every origin, in the hindcasts' columns: what the models have to beat."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

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
from models.base_rate.rival import moving_average
from models.outcome.rule import RULE, OutcomeRule
from models.scores.distributions import quantiles_of

CLIMATOLOGY, CLIMATOLOGY_30, CLIMATOLOGY_15 = "climatology", "climatology_30", "climatology_15"
PERSISTENCE, SOFTENED, RIVAL = "persistence", "softened_persistence", "moving_average"
YARDSTICKS = (CLIMATOLOGY, CLIMATOLOGY_30, PERSISTENCE, SOFTENED, RIVAL)
"""Of the state: frequencies since 1950 and of thirty years, "nothing changes" hard and softened, the rival."""
MEAN_YARDSTICKS = (CLIMATOLOGY_15, CLIMATOLOGY_30, PERSISTENCE, RIVAL)
"""Of a year's own mean."""


def reference_table(evidence: Evidence, origins: Iterable[int], rule: OutcomeRule = RULE) -> pd.DataFrame:
    """`YARDSTICKS` at every origin, in the hindcasts' columns; only the rival says how likely any rupture is."""
    history, rows = History(evidence, rule), []
    for origin in origins:
        for name, p in _states_of(history, origin).items():
            for index, named in came(history, name, AS_RECORDED, date(origin, 12, 31)):
                if (observed := history.state(named["target_year"])) is not None:
                    rows.append({**named, "observed": observed, **dict(zip(OUTCOMES, p[index].tolist(), strict=False))})
    return pd.DataFrame(rows, columns=[*TASK, "observed", *OUTCOMES])


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
    return pd.DataFrame(rows, columns=[*TASK, "observed", "tone", *QUANTILES])
