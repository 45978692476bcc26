"""Tables of a forecast: every chance in words, what moved between two snapshots, each knob before and after. Pure."""

import pandas as pd

from dashboard.wording.chances import Chance
from dashboard.wording.labels import OUTCOME_LABELS, TARGET_LABELS, date_text
from dashboard.wording.table import readings
from dashboard.wording.year_mean import year_outlooks
from data.digest import Fields
from models.forecast.results import Forecast
from models.names import MODEL_MIXTURE, TARGET_YEAR_WORD, TARGETS


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
            "Knob": learning["label"],
            "Verdict": learning["verdict"],
            "Before the evidence": learning["prior_centre"],
            "After the evidence": learning["posterior_centre"],
            "Doubt left": 100 * learning["posterior_sd"] / learning["prior_sd"],
        }
    )


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
