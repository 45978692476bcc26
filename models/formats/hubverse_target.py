"""What became of the questions of a hub: oracle output, as a forecaster would have written who knew, and the labels."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import pandas as pd

from data.days import horizons_from, last_whole_year, year_end
from data.types import Evidence
from models.formats.hubverse_questions import (
    NO_ID,
    QUESTIONS,
    SIGNPOST_ID,
    TARGET_SIGNPOST,
    YES_NO,
    HubQuestion,
)
from models.names import (
    PMF,
    QUANTILE,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
    TARGETS,
    YEAR_TARGETS,
    YEAR_WORDS,
    Scenario,
)
from models.outcome.rule import Label
from models.outcome.year_mean import YearMean, resolve_year_mean
from models.storage.disk import Files
from models.storage.safe_csv import safe_csv

ORACLE, LABELS = "target-data/oracle-output.csv", "auxiliary-data/year-end-states.csv"
UNIT_COLUMNS = ("reference_date", "target", "target_end_date")
"""What tells one observable outcome from another; the horizon follows from the two dates."""
ORACLE_COLUMNS = (*UNIT_COLUMNS, "output_type", "output_type_id", "oracle_value")
LABEL_COLUMNS = ("target_end_date", "state", "tone", "reason", "decisive_events")
_COUNTED = {TARGET_RUPTURE: Scenario.RUPTURE, TARGET_DEEPER: Scenario.DEEPER}


def target_files(
    dates: Sequence[date],
    resolutions: Sequence[Label],
    years: Sequence[YearMean] = (),
    signposts: pd.DataFrame | None = None,
) -> Files:
    """Oracle output where a day asked about is labelled, and the labels themselves.

    The hubs keep a time series only for numbers that step ahead by days, weeks or months; a label of a year-end is
    none, so that the labels lie beside the target data and not in them.
    """
    files = {LABELS: safe_csv(labels(resolutions))}
    oracle = pd.concat([oracle_output(dates, resolutions), year_oracle(dates, years)], ignore_index=True)
    if signposts is not None:
        oracle.insert(len(UNIT_COLUMNS), SIGNPOST_ID, NO_ID)
        oracle = pd.concat([oracle, signposts], ignore_index=True)
    return {ORACLE: safe_csv(oracle), **files} if len(oracle) else files


def oracle_output(dates: Sequence[date], resolutions: Sequence[Label]) -> pd.DataFrame:
    """Columns `ORACLE_COLUMNS`: 1 for the category that came true, 0 for the others; of a number the number itself.

    A question about a day is answered when that day is labelled, one about a window when every year-end of it is: an
    early yes waits for its day like a no, so that early answers cannot favour either.
    """
    states = {label.year: label.state for label in resolutions if label.state is not None}
    rows = [
        row
        for day in dates
        for question in QUESTIONS
        if question.target in TARGETS
        for row in _rows(question, day, states)
    ]
    return pd.DataFrame(rows, columns=list(ORACLE_COLUMNS))


def year_oracle(dates: Sequence[date], years: Sequence[YearMean]) -> pd.DataFrame:
    """The same of the years' own means: one number a year, and one word for each day that it is held against."""
    known = {(year.origin, year.year): year for year in years if year.mean is not None and year.word is not None}
    rows: list[tuple[object, ...]] = []
    for day in dates:
        for horizon in horizons_from(day):
            end = year_end(day, horizon)
            if year := known.get((last_whole_year(day), end.year)):
                mean, word = ((day.isoformat(), target, end.isoformat()) for target in YEAR_TARGETS)
                rows.append((*mean, QUANTILE, NO_ID, year.mean))
                rows += [(*word, PMF, name, int(name == year.word)) for name in YEAR_WORDS]
    return pd.DataFrame(rows, columns=list(ORACLE_COLUMNS))


def oracle_columns(more: Sequence[str] = ()) -> tuple[str, ...]:
    """`ORACLE_COLUMNS` of a hub that tells outcomes apart by more than `UNIT_COLUMNS`."""
    return (*UNIT_COLUMNS, *more, *ORACLE_COLUMNS[len(UNIT_COLUMNS) :])


def signpost_oracle(asked: Iterable[tuple[date, str, date]], answers: Mapping[str, str]) -> pd.DataFrame:
    """Columns `ORACLE_COLUMNS` with the signpost's id behind those of the unit: 1 for its answer, 0 for the other.

    Parameters
    ----------
    asked : iterable of (reference date, id, deadline)
    answers : Mapping[str, str]
        Yes or no by id, of those whose deadline has passed: an early yes waits for its day like a no.
    """
    rows = [
        (day.isoformat(), TARGET_SIGNPOST, deadline.isoformat(), name, PMF, answer, int(answer == answers[name]))
        for day, name, deadline in asked
        if name in answers
        for answer in YES_NO
    ]
    return pd.DataFrame(rows, columns=list(oracle_columns((SIGNPOST_ID,))))


def years_after(evidence: Evidence, references: Iterable[date]) -> list[YearMean]:
    """What became of the years' own means after each reference date, against the tone at the last year-end before it,
    by the present rule, as far as the ledger goes."""
    pairs = {(last_whole_year(day), day.year + h) for day in references for h in horizons_from(day)}
    last = last_whole_year(evidence.as_of)
    return [resolve_year_mean(evidence.events, year, origin) for origin, year in sorted(pairs) if year <= last]


def labels(resolutions: Sequence[Label]) -> pd.DataFrame:
    """Columns `LABEL_COLUMNS`, one row a labelled year-end."""
    rows = [
        (
            date(label.year, 12, 31).isoformat(),
            label.state.value,
            label.tone,
            label.reason,
            ";".join(event.id for event in label.decisive),
        )
        for label in resolutions
        if label.state is not None
    ]
    return pd.DataFrame(rows, columns=list(LABEL_COLUMNS))


def _rows(question: HubQuestion, reference: date, states: Mapping[int, Scenario]) -> Iterator[tuple[object, ...]]:
    for horizon in horizons_from(reference):
        outcome = _outcome(question.target, reference, horizon, states)
        start = (reference.isoformat(), question.target, year_end(reference, horizon).isoformat(), PMF)
        if outcome:
            yield from ((*start, category, int(category == outcome)) for category in question.categories)


def _outcome(target: str, reference: date, horizon: int, states: Mapping[int, Scenario]) -> str:
    """The category that came true, empty while it is not known."""
    window = [states.get(reference.year + step) for step in range(horizons_from(reference)[0], horizon + 1)]
    if target == TARGET_STATE:
        return window[-1].value if window[-1] else ""
    if None in window:
        return ""
    return YES_NO[_COUNTED[target] in window]
