"""Tables of signposts on the Track record page: how good saved chances were, and what the answers taught. Pure."""

from collections.abc import Mapping

import pandas as pd

from dashboard.wording.backtest import difference_text
from dashboard.wording.saved.signposts import with_error
from dashboard.wording.track import MARK_LABELS, STATUS_LABELS, VERDICT_LABELS
from data.digest import Fields

SCORE_NAMES = {"brier": "Brier", "log": "Log"}


def chance_table(scores: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Mean scores of saved chances, a row for each mark, setting and score.

    Parameters
    ----------
    scores : DataFrame
        `models.track.signpost_table.signpost_scores`.
    names : Mapping
        What a set of assumptions is called, by digest.
    """
    rows = scores.to_dict("records")
    return pd.DataFrame(
        {
            "Assumptions": [names.get(row["assumptions"], row["assumptions"][:8]) for row in rows],
            "Mark": [MARK_LABELS[row["mark"]] for row in rows],
            "Score": [SCORE_NAMES[row["score"]] for row in rows],
            "Chances": [f"{row['ours']:.3f}" for row in rows],
            "Own years since 1992": [f"{row['expanding']:.3f}" for row in rows],
            "Difference": [_against(row, "expanding") for row in rows],
            "Last ten years": [f"{row['ten_years']:.3f}" for row in rows],
            "Difference from these": [_against(row, "ten_years") for row in rows],
            "Answers": [row["questions"] for row in rows],
            "Years": [row["origins"] for row in rows],
        }
    )


def taught_table(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """What each answer taught about each year-end, a row of `models.track.learned.learned_table` each.

    Parameters
    ----------
    names : Mapping
        What a saved forecast is called, by digest.
    """
    rows = table.to_dict("records")
    return pd.DataFrame(
        {
            "Signpost": [row["signpost"] for row in rows],
            "Answer": [row["answer"].capitalize() for row in rows],
            "Year-end": [str(row["target_year"]) for row in rows],
            "Expected": [with_error(row["expected"], row["expected_error"]) for row in rows],
            "Moved": [with_error(row["moved"], row["moved_error"]) for row in rows],
            "Gained": [with_error(row["gained"], row["gained_error"]) for row in rows],
            "The year-end": [row["why"] or STATUS_LABELS[row["status"]] for row in rows],
            "Saved forecast": [names.get(row["digest"], row["digest"][:8]) for row in rows],
            "Mark": [MARK_LABELS[row["mark"]] for row in rows],
        }
    )


def _against(row: Fields, name: str) -> str:
    interval = {what: row[f"{what}_{name}"] for what in ("difference", "low", "high")}
    return f"{difference_text(interval)}: {VERDICT_LABELS[row[f'verdict_{name}']].lower()}"
