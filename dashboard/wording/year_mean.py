"""Words for the second target, the mean intensity of a year's own acts, and for what is booked of a year-end. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from dashboard.wording.chances import Chance, chance
from dashboard.wording.days import HINDCAST_MARK, has_come
from dashboard.wording.forecast import MOST_INTENSE, level
from dashboard.wording.labels import MODEL_LABELS, YEAR_WORD_LABELS, joined
from data.values import frozen
from models.forecast.cells import Part, cells
from models.names import (
    MCSE,
    MEMBERS,
    MODEL_MIXTURE,
    PMF,
    QUANTILE,
    TARGET_YEAR_MEAN,
    TARGET_YEAR_WORD,
    YEAR_WORDS,
)

MEDIAN, LOW, HIGH = 0.5, 0.05, 0.95
COARSE = 0.05
"""Monte Carlo error of a quantile from which its first decimal wobbles, so that the error is told."""


@frozen
class YearOutlook:
    """What is said of one year's own mean.

    Attributes
    ----------
    end : str
        ISO date of its last day.
    quantiles : Mapping of float to float
        Mean intensity (-10 to 10) by level.
    error : float
        Largest Monte Carlo standard error of the quantiles; 0 where the table has none.
    words : Mapping of str to Chance
        Worse, about as before and better, with their chances; empty where the table has none.
    """

    end: str
    quantiles: Mapping[float, float]
    error: float
    words: Mapping[str, Chance]

    @property
    def year(self) -> int:
        """The calendar year."""
        return int(self.end[:4])

    @property
    def median(self) -> float:
        """The value that the year's mean exceeds as likely as not."""
        return self.quantiles[MEDIAN]

    @property
    def range(self) -> str:
        """“−1.2 to +6.0”, nine in ten."""
        return f"{level(self.quantiles[LOW])} to {level(self.quantiles[HIGH])}"


def year_outlooks(table: pd.DataFrame, model: str = MODEL_MIXTURE) -> tuple[YearOutlook, ...]:
    """What a results table says of each coming year's own mean; nothing where it was made before the question was.

    Parameters
    ----------
    table : DataFrame
        Columns ``models.names.TABLE_COLUMNS``.
    """
    known = cells(table)
    both = (
        (end, known.part(model, TARGET_YEAR_MEAN, horizon), known.part(model, TARGET_YEAR_WORD, horizon))
        for horizon, end in known.ends.items()
    )
    return tuple(_outlook(end, mean, word) for end, mean, word in both if QUANTILE in mean)


def _outlook(end: str, mean: Part, word: Part) -> YearOutlook:
    errors, chances = word.get(MCSE, {}), word.get(PMF, {})
    return YearOutlook(
        end=end,
        quantiles={float(at): value for at, value in mean[QUANTILE].items()},
        error=max(mean.get(MCSE, {}).values(), default=0.0),
        words={name: chance(chances[name], errors.get(name, 0.0)) for name in YEAR_WORDS if name in chances},
    )


def first_full(years: Sequence[YearOutlook], reference: date) -> YearOutlook:
    """The first year that lies wholly after the reference date."""
    return next(year for year in years if year.year > reference.year)


def year_headline(year: YearOutlook, today: date) -> str:
    """The year in one line: “The next full year, 2026: mean intensity +3.2, nine in ten between −1.0 and +6.1”."""
    when = "The next full year" if year.year > today.year else "This year"
    if has_come(year.end, today):
        when = f"{HINDCAST_MARK} A year that is over"
    wobble = f" (±{1.96 * year.error:.1f} by simulation)" if year.error > COARSE else ""
    ends = f"{level(year.quantiles[LOW])} and {level(year.quantiles[HIGH])}"
    return f"{when}, {year.year}: mean intensity {level(year.median)}, nine in ten between {ends}{wobble}"


def words_line(year: YearOutlook) -> str:
    """The three words with their chances: “Better 21 %, about as before 61 % and worse 18 %”."""
    text = joined([f"{YEAR_WORD_LABELS[word].lower()} {year.words[word].percent}" for word in reversed(year.words)])
    return text[:1].upper() + text[1:]


def cuts_sentence(tone: float, cuts: Sequence[float]) -> str:
    """Against what the three words are read.

    Parameters
    ----------
    tone : float
        Five-year tone at the reference date.
    cuts : sequence of float
        `models.outcome.rule.OutcomeRule.word_cuts`.
    """
    low, high = (level(tone + cut) for cut in cuts)
    return (
        f"Against the five-year tone of {level(tone)}: better means above {high}, worse below {low}, on the ledger’s "
        f"scale from −{MOST_INTENSE:g} to +{MOST_INTENSE:g}."
    )


def years_sentence(years: Sequence[YearOutlook]) -> str:
    """One line under the chart of yearly means."""
    first, last = years[0], years[-1]
    return (
        f"{first.year}: {level(first.median)}, nine in ten {first.range}; {last.year}: {level(last.median)}, "
        f"{last.range}."
    )


def past_sentence(years: Sequence[YearOutlook], past: Sequence[float], tone: float) -> str:
    """What to hold the chart of yearly means against.

    Parameters
    ----------
    past : sequence of float
        Recorded means, oldest first, without gaps.
    tone : float
        Five-year tone at the reference date.
    """
    first = years[0]
    inside = sum(first.quantiles[LOW] <= mean <= first.quantiles[HIGH] for mean in past)
    return (
        f"Of the last {len(past)} years {inside} had a mean inside the range of {first.year}. The dashed line is the "
        f"five-year tone, {level(tone)}."
    )


def answering(table: pd.DataFrame) -> tuple[str, ...]:
    """Models of a results table that answer the second question, beside the mixture."""
    asked = {model for model, target, _ in cells(table).parts if target == TARGET_YEAR_MEAN}
    return tuple(model for model in MEMBERS if model in asked)


def answering_sentence(models: Sequence[str]) -> str:
    """Who answers the second question: only models that simulate a ledger."""
    return (
        f"Answered by {joined([MODEL_LABELS[model].partition(' (')[0].lower() for model in models])}, which simulate "
        "acts; their weights are scaled to add up."
    )
