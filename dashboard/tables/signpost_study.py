"""Tables of the archived backtest of the signposts' chances. Pure."""

import pandas as pd

from dashboard.wording.backtest import difference_text
from models.verdicts.signposts import NAMES

SCORES = {"brier": "Brier", "log": "log"}
RANGE = "{:.0%} to {:.0%}"


def against_table(comparisons: pd.DataFrame) -> pd.DataFrame:
    """The chances against each rule's own past, and against themselves without a part."""
    return pd.DataFrame(
        {
            "Against": comparisons["reference"].map(NAMES),
            "Score": comparisons["score"].map(SCORES),
            "Years ahead": comparisons["horizon"].map(lambda ahead: str(ahead) if ahead else "one to three"),
            "Year-ends since": comparisons["since"],
            "Role": comparisons["role"],
            "Difference (95 % interval)": [difference_text(row) for row in comparisons.to_dict("records")],
            "Ours": comparisons["ours"],
            "Theirs": comparisons["theirs"],
        }
    )


def calibration_table(calibration: pd.DataFrame) -> pd.DataFrame:
    """What was expected beside what came, by size of the chance, all horizons."""
    pooled = calibration[calibration["horizon"] == 0]
    return pd.DataFrame(
        {
            "Chance": [RANGE.format(row.above, row.up_to) for row in pooled.itertuples()],
            "Answers": pooled["number"],
            "Expected": 100 * pooled["expected"],
            "Came true": 100 * pooled["came"],
        }
    )


def searches_table(searches: pd.DataFrame) -> pd.DataFrame:
    """Every search left out in turn: how far chances move, in points."""
    depth = {"same": "as full as they are", "anew": "estimated without it"}
    return pd.DataFrame(
        {
            "Without the search": searches["search"],
            "Rows left out": searches["rows"],
            "Coming years": searches["depth"].map(depth),
            "Median change": 100 * searches["median"],
            "Largest change": 100 * searches["largest"],
            "Sum of all chances": searches["total"],
        }
    )
