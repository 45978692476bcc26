"""Tables of a forecast: every chance in words, what moved between two snapshots, each knob before and after. Pure."""

from collections.abc import Mapping

import pandas as pd

from dashboard.wording.chances import Chance
from dashboard.wording.knobs import moves_text
from dashboard.wording.labels import OUTCOME_LABELS, STATE_SHORT, TARGET_LABELS, date_text
from dashboard.wording.table import readings
from dashboard.wording.year_mean import year_outlooks
from data.digest import Fields
from models.forecast.results import Forecast
from models.names import MODEL_MIXTURE, STATES, TARGET_YEAR_WORD, TARGETS


def chance_table(forecast: Forecast) -> pd.DataFrame:
    """Every published probability in words."""
    rows = [
        _chance_row(reading.date, target, reading.outcome, reading.chance)
        for target in TARGETS
        for reading in readings(forecast.table, target, MODEL_MIXTURE)
    ]
    rows += [
        _chance_row(year.end, TARGET_YEAR_WORD, word, chance)
        for year in year_outlooks(forecast.table)
        for word, chance in year.words.items()
    ]
    return pd.DataFrame(rows)


def _chance_row(day: str, target: str, outcome: str, chance: Chance) -> Fields:
    return {
        "On": date_text(day),
        "Question": TARGET_LABELS[target],
        "Outcome": OUTCOME_LABELS[outcome],
        "Word": chance.word,
        "Chance": chance.percent,
        "As a count": chance.in_100,
        "Range": chance.range,
    }


def year_table(forecast: Forecast) -> pd.DataFrame:
    """Quantiles of each coming year's own mean, by the mixture; empty where no model answers."""
    rows = [
        {"Year": year.year, **{f"{100 * at:g} %": value for at, value in year.quantiles.items()}}
        for year in year_outlooks(forecast.table)
    ]
    return pd.DataFrame(rows)


def learning_table(learning: pd.DataFrame) -> pd.DataFrame:
    """What the evidence says about each knob, without the working columns."""
    return pd.DataFrame(
        {
            "Assumption": learning["label"],
            "Verdict": learning["verdict"],
            "Before the evidence": learning["prior_centre"],
            "After the evidence": learning["posterior_centre"],
            "Doubt left": 100 * learning["posterior_sd"] / learning["prior_sd"],
        }
    )


def setting_rows(
    asked: Mapping[str, Forecast], meanings: Mapping[str, str], horizon: int
) -> tuple[tuple[str, ...], ...]:
    """Several settings beside each other, a row each after the head: the four states' chances, what it means, and what
    is moved. A star marks a setting whose numbers are rough."""
    states = tuple(reversed(STATES))
    rows = []
    for name, forecast in asked.items():
        by_state = {one.outcome: one.chance.percent for one in readings(forecast.table, horizon=horizon)}
        star = "" if forecast.status.sure else " *"
        moved = len(forecast.assumptions.changed)
        moves = f"{moved} moved: {moves_text(forecast.assumptions)}." if moved else "Nothing is moved."
        about = f"{meanings.get(name, '')} {moves}".strip()
        rows.append((f"{name}{star}", *(by_state[state] for state in states), about))
    return (("Setting", *(STATE_SHORT[state] for state in states), "What it means"), *rows)


def comparison_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The published probabilities of two snapshots that moved, the largest moves first."""
    published = rows[(rows["model_id"] == MODEL_MIXTURE) & (rows["output_type_id"] != "no")]
    order = published["difference"].abs().sort_values(ascending=False, kind="stable").index
    moved = published.loc[order]
    return pd.DataFrame(
        {
            "On": [date_text(day) for day in moved["target_end_date"]],
            "Question": [TARGET_LABELS[target] for target in moved["target"]],
            "Outcome": [OUTCOME_LABELS.get(outcome, outcome) for outcome in moved["output_type_id"]],
            "Snapshot": moved["old"],
            "Here": moved["new"],
            "Beyond the simulations' error": moved["beyond_error"],
        }
    )
