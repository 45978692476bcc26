"""Tables of the Track record page: mean scores beside the base rate’s, and the questions. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from dashboard.wording.backtest import difference_text
from dashboard.wording.saved.questions import answer_text, waiting_for
from dashboard.wording.track import (
    DEFAULT_NAME,
    GROUP_LABELS,
    STATUS_LABELS,
    VERDICT_LABELS,
    model_name,
)
from data.digest import Fields
from models.record.entries import LIVE
from models.record.entry_checks import BY_YEAR
from models.track.resolution import Question
from models.track.track_record import RANKED

INDEX = "Index"
NUMBERS = ("Score", "Base rate", "Default")


def score_table(summary: pd.DataFrame, group: str, score: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Mean scores of one mark beside the base rate's and the default's, the best first.

    Parameters
    ----------
    summary : DataFrame
        `models.track.track_record.summary` by `group`, of one mark.
    names : Mapping
        What a set of assumptions is called, by digest.
    """
    rows = summary[summary["score"] == score]
    rows = rows.sort_values("horizon" if group == "horizon" else "ours", kind="stable")
    return pd.DataFrame(
        {
            GROUP_LABELS[group]: [_named(group, value, names) for value in rows[group]],
            "Score": rows["ours"].to_numpy(),
            **_indices(rows, score),
            "Base rate": rows["base_rate"].to_numpy(),
            "Default": rows["default"].to_numpy(),
            "Against the base rate": [_verdict(row, "base_rate") for row in rows.to_dict("records")],
            "Difference": [_difference(row, "base_rate") for row in rows.to_dict("records")],
            "Against the default": [_same_or_verdict(row) for row in rows.to_dict("records")],
            "Year-ends": rows["dates"].to_numpy(),
            "Saved forecasts": rows["forecasts"].to_numpy(),
        }
    )


def _indices(rows: pd.DataFrame, score: str) -> dict[str, list[str]]:
    """The ranked score as 0 to 100; a hindcast's column says what it is of."""
    if score != RANKED or rows.empty:
        return {}
    title = INDEX if (rows["mark"] == LIVE).all() else f"{INDEX}, hindcast"
    return {title: [_index(row) for row in rows.to_dict("records")]}


def _index(row: Fields) -> str:
    if not np.isfinite(row["index_of_100"]):
        return "Too few" if np.isfinite(row["base_rate"]) else "Not known"
    return f"{row['index_of_100']:.0f} ({row['index_low']:.0f} to {row['index_high']:.0f})"


def variant_names(table: pd.DataFrame, usual: Collection[str] = ()) -> dict[str, str]:
    """A name for every set of assumptions: that of its newest save, and how many more there are; `usual`: defaults."""
    saves = table.drop_duplicates("digest").sort_values("sequence")
    groups = saves.groupby("assumptions")["name"]
    found = {
        digest: f"{names.iloc[-1]}{f' (and {len(names) - 1} more)' if len(names) > 1 else ''}"
        for digest, names in groups
    }
    return found | {digest: DEFAULT_NAME for digest in found if digest in usual}


def question_table(questions: Sequence[Question], ledger_end: date) -> pd.DataFrame:
    """One row a question: its day, where it stands, the answer, and what it waits for."""
    rows = [
        {
            "Question": question.title,
            "Day": question.day,
            "Status": STATUS_LABELS[question.status],
            "Answer": answer_text(question),
            "Answered, or waits": waiting_for(question, ledger_end),
            "Asked by": _asked_by(question),
        }
        for question in questions
    ]
    return pd.DataFrame(rows, columns=["Question", "Day", "Status", "Answer", "Answered, or waits", "Asked by"])


def _asked_by(question: Question) -> str:
    if question.question not in BY_YEAR:
        return "signpost"
    return "live forecasts" if question.live else "hindcasts only"


def _named(group: str, value: object, names: Mapping[str, str]) -> str:
    if group == "assumptions":
        return names[str(value)]
    if group == "model_id":
        return model_name(str(value))
    return f"{value}"


def _difference(row: Fields, name: str) -> str:
    interval = {what: row[f"{what}_{name}"] for what in ("difference", "low", "high")}
    return difference_text(interval) if np.isfinite(interval["difference"]) else "not known"


def _same_or_verdict(row: Fields) -> str:
    return "The same" if row["difference_default"] == 0 else _verdict(row, "default")


def _verdict(row: Fields, name: str) -> str:
    return VERDICT_LABELS[row[f"verdict_{name}"]] if np.isfinite(row[f"difference_{name}"]) else "Not known"
