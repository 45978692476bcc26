"""Tables of a signposts' backtest as the command archives them, with numbers that tests choose."""

from collections.abc import Mapping

import pandas as pd

from models.backtest.mid_year import AIM
from models.backtest.scores import PRIMARY, SECONDARY


def against(gain: float = 0.02, beside: float = 0.01) -> pd.DataFrame:
    """Comparisons whose intervals reach a hundredth to either side."""
    rows = [("expanding", PRIMARY, gain), ("ten_years", AIM, beside), ("no_exposure", SECONDARY, gain)]
    return pd.DataFrame(
        [
            {
                "reference": reference,
                "score": "brier",
                "horizon": 0,
                "since": 1992,
                "role": role,
                "met": {PRIMARY: more > 0.01, AIM: more >= 0.01}.get(role),
                "origins": 32,
                "ours": 0.1,
                "theirs": 0.1 + more,
                "difference": -more,
                "low": -more - 0.01,
                "high": -more + 0.01,
                "verdict": "skill",
            }
            for reference, role, more in rows
        ]
    )


def scored() -> pd.DataFrame:
    """Scores of all questions and of the unseen."""
    rows = [("all", 2945, 0.12, 0.14), ("unseen", 100, 0.03, 0.04)]
    names = ["questions", "number", "expected", "came"]
    own = pd.DataFrame(rows, columns=names)
    return own.assign(forecaster="signposts", since=1992, horizon=0, brier=0.1, log=0.3)


def counts(inside: float = 0.94) -> pd.DataFrame:
    """Coverage of the count."""
    own = pd.DataFrame({"horizon": [1, 2, 3], "level": 0.9, "origins": 32, "expected": 4.0, "came": 4.5})
    return own.assign(inside=inside, low=0.84, high=1.0, within=inside >= 0.84)


def searched(median: float = 0.01) -> pd.DataFrame:
    """A search left out, both ways."""
    own = pd.DataFrame({"search": "first", "depth": ["same", "anew"], "rows": 311, "signposts": 20})
    return own.assign(median=median, largest=0.1, of_median=0.0, total=-0.2, met=[median < 0.03, None])


def controls(*, planted: bool = True, doubled: bool = True) -> pd.DataFrame:
    """Both controls at one origin."""
    own = pd.DataFrame({"control": ["planted", "doubled"], "origin": 2010, "rows": 10})
    return own.assign(largest=[0.0, 0.01], unexplained=0.0, met=[planted, doubled])


def ranked() -> pd.DataFrame:
    """Agreement of the rankings."""
    own = pd.DataFrame({"since": [1976, 1992], "origins": [47, 31], "rules": [28, 27]})
    return own.assign(correlation=[0.06, 0.28], low=-0.2, high=[0.3, 0.5])


def pinned(*, within: bool = True) -> pd.DataFrame:
    """Four triples, one of which is further off."""
    own = pd.DataFrame({"pins": "S01=yes", "chance": 0.1, "filtered": 0.1, "kept": 97_000}, index=range(4))
    return own.assign(largest=[0.001, 0.002, 0.003, 0.02], errors=[1, 1, 1, 3], within=[True, True, True, within])


def expected_values() -> pd.DataFrame:
    """Values that rank alike."""
    own = pd.DataFrame({"year": [2027, 2027, 2028, 2028], "id": ["S01", "S02"] * 2, "family": "friction"})
    return own.assign(stored=[0.1, 0.2, 0.3, 0.4], filtered=[0.11, 0.19, 0.3, 0.4])


def signpost_tables() -> Mapping[str, pd.DataFrame]:
    """All that the page reads."""
    bins = pd.DataFrame({"horizon": [0], "above": [0.0], "up_to": [0.05], "number": [9], "expected": [0.03]})
    return {
        "scores": scored(),
        "comparisons": against(),
        "calibration": bins.assign(came=0.04),
        "coverage": counts(),
        "searches": searched(),
        "controls": controls(),
        "history": ranked(),
        "pins": pinned(),
        "values": expected_values(),
    }
