"""What may be said of the archived backtest of the signposts' chances, by rule from its rows (docs/decisions/0021).

No sentence calls a lower score skill: the word waits for answers that were given in advance.
"""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from models.backtest.mid_year import AIM
from models.backtest.scores import PRIMARY
from models.signpost_study.brute import LIMIT as PIN_LIMIT
from models.signpost_study.chances import NO_EXPOSURE, NO_FADING, SIGNPOST_MODEL
from models.signpost_study.controls import PLANTED
from models.signpost_study.questions import FIRST_ORIGIN
from models.signpost_study.ranking import SINCE, spearman
from models.signpost_study.scores import ALL, UNSEEN
from models.signpost_study.searches import LIMIT, SAME
from models.signposts.yardsticks import EXPANDING, TEN_YEARS
from models.verdicts.sentences import difference

NAMES: Mapping[str, str] = MappingProxyType(
    {
        SIGNPOST_MODEL: "the chances of the signposts",
        EXPANDING: f"each question's own frequency since {FIRST_ORIGIN}",
        TEN_YEARS: "each question's own last ten years",
        NO_EXPOSURE: "the same chances without how much was recorded",
        NO_FADING: "the same chances with no year forgotten",
    }
)
"""What a forecaster is called inside a sentence."""
HINDSIGHT = "The questions were written by people who knew much of this history: these are hindcasts."


def chances_sentence(comparisons: pd.DataFrame, scores: pd.DataFrame) -> str:
    """Whether the chances came nearer to what happened than each rule's own past, with all numbers.

    Parameters
    ----------
    comparisons, scores : DataFrame
        `models.signpost_study.scores.comparisons` and `score_table`.
    """
    first, second = (comparisons[comparisons["role"] == role].iloc[0] for role in (PRIMARY, AIM))
    number = int(_own_scores(scores, ALL)["number"])
    nearer = "came nearer to what happened than" if first["met"] else "were not shown to come nearer than"
    beside = "no worse than" if second["met"] else "not shown to be no worse than"
    return (
        f"Asked again from {int(first['origins'])} year-ends since {FIRST_ORIGIN}, one to three years ahead ({number} "
        f"answers), {NAMES[SIGNPOST_MODEL]} {nearer} {NAMES[EXPANDING]}: mean Brier score {first['ours']:.3f} against "
        f"{first['theirs']:.3f}, difference {difference(first)}. They are {beside} {NAMES[TEN_YEARS]} "
        f"({second['theirs']:.3f}, {difference(second)}). {HINDSIGHT}"
    )


def _own_scores(scores: pd.DataFrame, questions: str) -> pd.Series:
    """Row of the chances themselves over these questions, all horizons and origins."""
    kept = (scores["forecaster"] == SIGNPOST_MODEL) & (scores["questions"] == questions)
    return scores[kept & (scores["since"] == FIRST_ORIGIN) & (scores["horizon"] == 0)].iloc[0]


def unseen_sentence(scores: pd.DataFrame) -> str:
    """Questions about kinds of rows that the ledger had never held, those about rows that stay away among them.

    Parameters
    ----------
    scores : DataFrame
        `models.signpost_study.scores.score_table`.
    """
    own = _own_scores(scores, UNSEEN)
    return (
        f"Of questions about kinds of rows that the ledger of the day had never held ({int(own['number'])} answers), "
        f"{own['came']:.1%} were answered yes, where {own['expected']:.1%} were expected."
    )


def count_sentence(coverage: pd.DataFrame) -> str:
    """Whether the range of the number of yes held what it promised.

    Parameters
    ----------
    coverage : DataFrame
        `models.signpost_study.counts.coverage`.
    """
    held = [
        f"{row.inside:.0%} of origins {row.horizon} year{'s' if row.horizon > 1 else ''} ahead ({row.low:.0%} to "
        f"{row.high:.0%} if calibrated)"
        for row in coverage.itertuples()
    ]
    kept = "as calibrated ranges would" if coverage["within"].all() else "which is not what calibrated ranges would do"
    return f"The number of yes among them lay inside its 90% range in {', '.join(held)}: {kept}."


def searches_sentence(searches: pd.DataFrame) -> str:
    """How far the chances rest on any one search of the ledger.

    Parameters
    ----------
    searches : DataFrame
        `models.signpost_study.searches.search_table`.
    """
    rows = searches[searches["depth"] == SAME]
    told = [f"{100 * row.median:.1f} without the {row.search} one" for row in rows.itertuples()]
    missed = "" if (rows["median"] < LIMIT).all() else "not "
    return (
        f"Every search of the ledger left out in turn, coming years as full as they are: the median change of a chance "
        f"in points is {', '.join(told)}. That each is below {100 * LIMIT:.0f}, the aim set beforehand, is {missed}so."
    )


def controls_sentence(controls: pd.DataFrame) -> str:
    """What must change nothing, and what only the exposure may change.

    Parameters
    ----------
    controls : DataFrame
        `models.signpost_study.controls.control_table`.
    """
    by_control = controls.groupby("control")["met"].all()
    planted = "changed no chance" if by_control[PLANTED] else "CHANGED chances"
    doubled = "by the exposure alone" if by_control.drop(PLANTED).all() else "by MORE than the exposure"
    return f"Rows planted after an origin {planted}; a year's rows doubled moved chances {doubled}."


def ranking_sentence(history: pd.DataFrame) -> str:
    """What history says of the ranking by expected value.

    Parameters
    ----------
    history : DataFrame
        `models.signpost_study.ranking.history_table`.
    """
    rows = history.set_index("since").loc[list(SINCE)].reset_index()
    told = [
        f"{row.correlation:+.2f} ({row.low:+.2f} to {row.high:+.2f}) since {row.since} over {row.rules} questions"
        for row in rows.itertuples()
    ]
    return (
        "Which answer would teach most is the model's own statement. Its rank correlation with how much each answer "
        f"went with the state three years on is {' and '.join(told)}: an association with archived forecasts of the "
        "base rate, not the value that the model would have had then."
    )


def pins_sentence(pins: pd.DataFrame, values: pd.DataFrame) -> str:
    """Answers under pins and expected values beside ledgers that were simulated anew and filtered.

    Parameters
    ----------
    pins, values : DataFrame
        `models.signpost_study.brute.pin_table` and `value_table`.
    """
    inside, near = int(pins["within"].sum()), int((pins["largest"] <= PIN_LIMIT).sum())
    ranks = [spearman(own["stored"].to_numpy(), own["filtered"].to_numpy()) for _, own in values.groupby("year")]
    return (
        f"Random triples of pins against simulated ledgers that were filtered: of {len(pins)}, {near} agree within "
        f"{100 * PIN_LIMIT:.1f} points at every year-end and {inside - near} more within four errors of both; the "
        f"largest difference is {100 * pins['largest'].max():.1f} points. The expected values rank as by brute force: "
        f"Spearman {min(ranks):.3f} to {max(ranks):.3f} by year-end."
    )
