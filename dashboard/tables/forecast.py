"""Tables of a forecast: every chance in words, what moved between two snapshots, each knob before and after. Pure."""

import pandas as pd

from dashboard.wording.labels import STATE_LABELS, TARGET_LABELS, date_text
from dashboard.wording.table import readings
from dashboard.wording.year_mean import WORD_LABELS
from models.forecast.results import Forecast
from models.names import MODEL_MIXTURE, TARGETS


def chance_table(forecast: Forecast) -> pd.DataFrame:
    """Every published probability in words."""
    rows = [
        {
            "On": date_text(reading.date),
            "Question": TARGET_LABELS[target],
            "Outcome": STATE_LABELS.get(reading.outcome, "yes"),
            "Word": reading.chance.word,
            "Chance": reading.chance.percent,
            "As a count": reading.chance.in_100,
            "Range": reading.chance.range,
        }
        for target in TARGETS
        for reading in readings(forecast.table, target, MODEL_MIXTURE)
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


OWN_YEAR = "The year's own acts"


def comparison_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The published probabilities of two snapshots that moved, the largest moves first."""
    published = rows[(rows["model_id"] == MODEL_MIXTURE) & (rows["output_type_id"] != "no")]
    order = published["difference"].abs().sort_values(ascending=False, kind="stable").index
    moved = published.loc[order]
    return pd.DataFrame(
        {
            "On": [date_text(day) for day in moved["target_end_date"]],
            "Question": [TARGET_LABELS.get(target, OWN_YEAR) for target in moved["target"]],
            "Outcome": [{**STATE_LABELS, **WORD_LABELS}.get(outcome, "yes") for outcome in moved["output_type_id"]],
            "Snapshot": moved["old"],
            "Here": moved["new"],
            "Beyond the simulations' error": moved["beyond_error"],
        }
    )
