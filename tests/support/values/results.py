"""A results table with chosen numbers, for tests of what is made of one."""

from datetime import date

import pandas as pd

from data.days import horizons_from, year_end
from models.names import (
    MEMBERS,
    MODEL_M0,
    MODEL_M1,
    MODEL_M3,
    MODEL_MIXTURE,
    MODELS,
    QUANTILE,
    QUANTILE_LEVELS,
    STATES,
    TABLE_COLUMNS,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
    YEAR_TARGETS,
    YEAR_WORDS,
)

STATES_H1, STATES_H5 = (0.02, 0.08, 0.62, 0.28), (0.05, 0.12, 0.41, 0.42)


def table(first=STATES_H1, last=STATES_H5, mcse=0.004, reference=date(2024, 12, 31), **models) -> pd.DataFrame:
    """A results table whose states move in a straight line from the first to the last horizon; models that are given
    by name (``m0``) say the same for every year."""
    rows, own = [], {f"m{number}": model for number, model in enumerate(MEMBERS)}
    horizons = horizons_from(reference)
    own = {own[name]: states for name, states in models.items()}
    for model in MODELS:
        for at, h in enumerate(horizons):
            mixed = [a + (b - a) * at / (len(horizons) - 1) for a, b in zip(first, last, strict=True)]
            states = own.get(model, mixed)
            start = (model, str(reference))
            end = str(year_end(reference, h))
            cells = [(TARGET_STATE, name, p) for name, p in zip(STATES, states, strict=True)]
            cells += [(TARGET_RUPTURE, "yes", states[0] * 1.5), (TARGET_DEEPER, "yes", min(1.0, states[3] * 1.2))]
            for target, outcome, p in cells:
                cell = (*start, target, h, end)
                rows += [(*cell, "pmf", outcome, p), (*cell, "mcse", outcome, 0.0 if model == MODEL_M0 else mcse)]
                ends = (f"{outcome}:0.05", p / 2), (f"{outcome}:0.95", (1 + p) / 2)
                rows += [(*cell, "interval", *one) for one in ends]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


YEAR_MEANS = (-2.0, -0.6, 1.4, 3.1, 4.6, 5.8, 6.4)
"""Quantiles of a year's own mean, at the levels of `models.names.QUANTILE_LEVELS`."""
YEAR_CHANCES = (0.18, 0.61, 0.21)


def with_years(made: pd.DataFrame, mcse: float = 0.004, means: tuple[float, ...] = YEAR_MEANS) -> pd.DataFrame:
    """The table with the second target beside the first, as the models that simulate ledgers answer it."""
    rows = []
    for model in (MODEL_MIXTURE, MODEL_M1, MODEL_M3):
        for day, h, end in made[["reference_date", "horizon", "target_end_date"]].drop_duplicates().to_numpy():
            mean, word = ((model, day, target, h, end) for target in YEAR_TARGETS)
            rows += [(*mean, QUANTILE, f"{at:g}", value) for at, value in zip(QUANTILE_LEVELS, means, strict=True)]
            for name, chance in zip(YEAR_WORDS, YEAR_CHANCES, strict=True):
                rows += [(*word, "pmf", name, chance), (*word, "mcse", name, mcse)]
    return pd.concat([made, pd.DataFrame(rows, columns=list(TABLE_COLUMNS))], ignore_index=True)
