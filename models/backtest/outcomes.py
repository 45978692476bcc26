"""What happened after each origin, beside what was forecast: one row for every target that has come."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pandas as pd

from data.days import horizons_from, last_whole_year
from data.digest import Fields
from data.types import Evidence
from models.backtest.origins import OriginTask
from models.measures.structure import ALIGNMENT
from models.names import STATES
from models.outcome.rule import RULE, OutcomeRule, tone, yearly_codes, yearly_readings
from models.scores.distributions import LEVELS

P = [f"p_{state}" for state in STATES]
OUTCOMES = [*P, "p_any_rupture", "p_any_deeper"]
ERRORS = [f"mcse_{state}" for state in STATES]
QUANTILES = [f"q{round(100 * level):02d}" for level in LEVELS]
TASK = ["kind", "model_id", "variant", "origin", "horizon", "target_year"]
HINDCAST = "hindcast"


class History:
    """The ledger as a rule reads it, year by year since 1950.

    Parameters
    ----------
    evidence : Evidence
        All that is known now.
    """

    def __init__(self, evidence: Evidence, rule: OutcomeRule = RULE) -> None:
        self.first, self.last, self.rule = ALIGNMENT.first_year, last_whole_year(evidence.as_of), rule
        self.codes = yearly_codes(evidence.events, self.first, self.last, rule)
        self.means, self.breaks = yearly_readings(evidence.events, self.first, self.last, rule)

    def up_to(self, origin: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Codes, means and break flags of the years to `origin`, each (year,)."""
        count = origin - self.first + 1
        return self.codes[:count], self.means[:count], self.breaks[:count]

    def state(self, year: int) -> str | None:
        """How a year-end was labelled; None where it is annulled or has not come."""
        code = self.codes[year - self.first] if year <= self.last else -1
        return STATES[code] if code >= 0 else None

    def mean(self, year: int) -> float | None:
        """A year's own mean; None without a row, or where it has not come."""
        value = self.means[year - self.first] if year <= self.last else np.nan
        return None if np.isnan(value) else float(value)

    def tone(self, origin: int) -> float:
        """The five-year tone at a year-end."""
        return float(tone(self.up_to(origin)[1], self.rule))


def came(history: History, model_id: str, variant: str, reference: date) -> Iterator[tuple[int, Fields]]:
    """What names each forecast whose target year has come, with its place among the horizons from a reference date."""
    origin = reference.year
    for index, horizon in enumerate(horizons_from(reference)):
        if origin + horizon <= history.last:
            names = HINDCAST, model_id, variant, origin, horizon, origin + horizon
            yield index, dict(zip(TASK, names, strict=True))


def hindcast_table(evidence: Evidence, tasks: Sequence[OriginTask], results: Sequence[Fields]) -> pd.DataFrame:
    """One row for each model, variant, origin and horizon whose target date has passed.

    Parameters
    ----------
    evidence : Evidence
        The whole evidence: what happened.

    Returns
    -------
    DataFrame
        ``kind`` (always "hindcast"), ``model_id, variant, origin, horizon, target_year, observed`` (state), ``p_*`` and
        ``mcse_*`` of the four states, ``p_any_rupture``, ``p_any_deeper``, ``failed`` (checks, by "; ").
    """
    history, rows = History(evidence), []
    for task, result in zip(tasks, results, strict=True):
        for index, named in came(history, task.model_id, task.variant, task.reference_date):
            if (observed := history.state(named["target_year"])) is not None:
                p = dict(zip(OUTCOMES, result["p"][index], strict=True))
                errors = dict(zip(ERRORS, result["mcse"][index], strict=False))
                rows.append({**named, "observed": observed, **p, **errors, "failed": "; ".join(result["failed"])})
    return pd.DataFrame(rows)


def year_mean_table(evidence: Evidence, tasks: Sequence[OriginTask], results: Sequence[Fields]) -> pd.DataFrame:
    """The same of each year's own mean, for the models that simulate ledgers.

    Returns
    -------
    DataFrame
        ``kind, model_id, variant, origin, horizon, target_year, observed`` (the year's mean), ``tone`` (at the last
        year-end) and ``q01`` to ``q99``. A year without a row is left out: its question is annulled.
    """
    history, rows = History(evidence), []
    for task, result in zip(tasks, results, strict=True):
        if result["year_mean"] is not None:
            asked = task.model_id, task.variant, task.reference_date
            rows += year_mean_rows(history, asked, result["year_mean"])
    return pd.DataFrame(rows, columns=[*TASK, "observed", "tone", *QUANTILES])


def year_mean_rows(history: History, asked: tuple[str, str, date], quantiles: Sequence) -> list[Fields]:
    """Rows of one forecast of the years' means; `asked` is model, variant and reference date, `quantiles` (horizon,
    level)."""
    rows, tone_then = [], history.tone(last_whole_year(asked[-1]))
    for index, named in came(history, *asked):
        if (observed := history.mean(named["target_year"])) is not None:
            about = {"observed": observed, "tone": tone_then}
            rows.append({**named, **about, **dict(zip(QUANTILES, map(float, quantiles[index]), strict=True))})
    return rows
