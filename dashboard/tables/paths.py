"""Tables of a driver held: every chance without and with, in both columns; and what can be held. Pure."""

from collections.abc import Mapping

import pandas as pd

from dashboard.wording.ask.paths import difference_text
from dashboard.wording.chances import percent
from dashboard.wording.labels import MODEL_LABELS, OUTCOME_LABELS, TARGET_LABELS, date_text
from models.names import MODEL_MIXTURE
from models.paths.answers import PathAnswer
from models.paths.drivers import BY_CLAIM, HeldDrivers
from models.paths.holds import TODAY, Hold


def path_table(answers: Mapping[str, PathAnswer], model: str = MODEL_MIXTURE) -> pd.DataFrame:
    """Every question of a model, as published and with the drivers held, a row for each column of the answer."""
    return pd.DataFrame(
        [
            {
                "On": date_text(row["target_end_date"]),
                "Question": TARGET_LABELS[row["target"]],
                "Outcome": OUTCOME_LABELS[row["outcome"]],
                "Column": name,
                "As published": percent(row["without"], row["mcse"]),
                "If held": percent(row["held"], row["mcse"]),
                "Difference": difference_text(row["difference"], row["mcse"]),
                "Error (points)": 100 * row["mcse"],
            }
            for name, answer in answers.items()
            for row in answer.table[answer.table["model_id"] == model].to_dict("records")
        ]
    )


def model_table(answer: PathAnswer, target: str, horizon: int, outcome: str) -> pd.DataFrame:
    """One question, a row a model: those that read no driver stand with no difference."""
    rows = answer.table
    rows = rows[(rows["target"] == target) & (rows["horizon"] == horizon) & (rows["outcome"] == outcome)]
    return pd.DataFrame(
        {
            "Model": rows["model_id"].map(MODEL_LABELS),
            "As published": [percent(p, e) for p, e in zip(rows["without"], rows["mcse"], strict=True)],
            "If held": [percent(p, e) for p, e in zip(rows["held"], rows["mcse"], strict=True)],
            "Difference": [difference_text(d, e) for d, e in zip(rows["difference"], rows["mcse"], strict=True)],
        }
    ).reset_index(drop=True)


def driver_list(drivers: HeldDrivers, titles: Mapping[str, str]) -> pd.DataFrame:
    """What can be held, and at what.

    Parameters
    ----------
    titles : Mapping[str, str]
        Of the claims, by id.
    """
    rows = []
    for claim, driver in BY_CLAIM.items():
        low, high = drivers.limits(claim)
        now = drivers.value(Hold(claim=claim, level=TODAY, start=drivers.starts[0]))
        rows.append(
            {
                "Claim": f"{claim} {titles[claim]}",
                "Driver": driver.title,
                "Now": now,
                "Known": drivers.table.origin_note[claim],
                "From": low,
                "To": high,
                "Yes or no": driver.is_flag,
            }
        )
    return pd.DataFrame(rows)
