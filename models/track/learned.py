"""What settled signposts taught: the worth that a saved forecast expected of their answers against what came of them.

An answer is put into the forecast by the draws that were saved with it, so that nothing learned since can help it. At
once it has *moved* the states so far; when the year-end is resolved too, it has *gained* what it took off the ranked
probability score. By the model both have the expected worth as their mean (`models.signposts.lesson`).
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

import pandas as pd

from data.days import year_end
from data.types import Evidence
from models.change.side import Side
from models.errors import AssumptionError
from models.library.library import Library
from models.names import HORIZONS, STATES
from models.outcome.rule import RULE
from models.outcome.signposts import DUE, OPEN
from models.record.contents import Documents
from models.record.entries import SavedForecast
from models.record.entry_checks import ANNULLED, RESOLVED, SIGNPOST, STATE
from models.record.resolutions import Resolution
from models.scores.bootstrap import pooled_interval
from models.signposts.ask import Question
from models.signposts.lesson import lesson
from models.signposts.table import USUAL_PLACE
from models.snapshot.signposts import question_again, unknown_signposts
from models.track.asked import by_question
from models.track.marks import mark
from models.track.track_record import BETTER, WORSE, verdict

NUMBERS = ("expected", "expected_error", "moved", "moved_error", "gained", "gained_error")
COLUMNS = (
    *("digest", "sequence", "author", "saved_at", "mark", "assumptions", "rule", "origin", "signpost", "deadline"),
    *("answer", "horizon", "target_year", "usual", "status", "state", *NUMBERS, "why"),
)
SUMMARY = (
    *("mark", "rule", "answers", "origins", "scored", "dates", "expected", "moved", "expected_scored", "gained"),
    *("error", "difference", "low", "high", "verdict"),
)
_CELL = ("year", "signpost", "target_year")
MORE, LESS = "more than expected", "less than expected"
YES = "yes"
type Behind = Question | str
"""What a saved forecast's draws can be asked, or why they cannot."""


def behind(opened: Documents, saved: SavedForecast, own: tuple[Evidence, Library] | None = None) -> Behind:
    """The question that a saved forecast's own draws answer; some seconds.

    Parameters
    ----------
    own : (Evidence, Library), optional
        This program's: if they are the same as those stored, they are not read again.

    Raises
    ------
    ConjunctionError
        What is stored is damaged.
    """
    if not saved.inputs:
        return "it was saved without its draws"
    snapshot = opened.snapshot(saved)
    if snapshot.signposts is None:
        return "it says nothing of signposts: its draws keep no simulated ledgers"
    side = Side.of(snapshot, {}, own)
    side = side if side.library is not None else Side.of(snapshot, opened.inputs(saved))
    if side.obstacle:
        return f"it {side.obstacle}"
    if unknown := unknown_signposts(snapshot.signposts, side.library):
        return unknown
    return question_again(snapshot.signposts, side.evidence, side.library, side.assumptions)


def learned_table(
    forecasts: Iterable[SavedForecast],
    resolutions: Iterable[Resolution],
    today: date,
    behind: Callable[[SavedForecast], Behind],
) -> pd.DataFrame:
    """One row for each saved forecast, signpost that the record has answered since, and year-end not before its day.

    Parameters
    ----------
    behind : callable
        `behind`, asked only of forecasts with such an answer.

    Returns
    -------
    DataFrame
        `COLUMNS`: ``answer`` yes or no; ``usual`` whether it is the year-end whose worth is shown unless another is
        asked for; ``status`` of the year-end, or of a signpost that was set aside; ``state`` that came; ``expected``,
        ``moved`` and ``gained`` in units of the ranked probability score (0 to 3), with their Monte Carlo standard
        errors, ``gained`` missing unless the year-end is resolved; ``why`` there are no numbers, else empty.
    """
    answers = {key: past[0] for key, past in by_question(resolutions).items()}
    rows = [row for saved in forecasts for row in _rows(saved, answers, today, behind)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table = table.assign(**{day: pd.to_datetime(table[day]) for day in ("origin", "deadline")})
    return table.astype(dict.fromkeys(NUMBERS, float) | {"usual": bool})


def waiting_signposts(forecasts: Iterable[SavedForecast], resolutions: Iterable[Resolution]) -> int:
    """Signposts that saved forecasts gave a chance and that the record has not answered."""
    answered = {subject for kind, subject, _ in by_question(resolutions) if kind == SIGNPOST}
    return len({name for saved in forecasts for name in saved.signposts} - answered)


def _rows(
    saved: SavedForecast, answers: Mapping, today: date, behind: Callable[[SavedForecast], Behind]
) -> Iterator[dict[str, object]]:
    settled = [(name, said, answers.get((SIGNPOST, name, ""))) for name, said in saved.signposts.items()]
    settled = [(name, said, answer) for name, said, answer in settled if answer is not None]
    asked = any(_status(said, answer) == RESOLVED for _, said, answer in settled)
    question = behind(saved) if asked else ""
    for name, said, answer in settled:
        deadline, status = date.fromisoformat(said["deadline"]), _status(said, answer)
        about = {
            **{field: getattr(saved, field) for field in ("digest", "sequence", "author", "saved_at", "assumptions")},
            "rule": saved.rule,
            "mark": mark(saved, deadline),
            "origin": pd.Timestamp(saved.reference_date),
            "signpost": name,
            "deadline": pd.Timestamp(deadline),
            "answer": answer.outcome if status == RESOLVED else "",
        }
        for place, horizon in enumerate(saved.horizons):
            if (end := year_end(saved.reference_date, horizon)) < deadline:
                continue  # what a year-end was is known before the answer
            came = answers.get((STATE, str(end.year), saved.rule))
            year = {"horizon": horizon, "target_year": end.year, "usual": place == USUAL_PLACE}
            year["status"] = _status_of(came, end, today) if status == RESOLVED else status
            state = came.outcome if year["status"] == RESOLVED and status == RESOLVED else ""
            yield {**about, **year, "state": state, **_numbers(question, about, place, state, status)}


def _status(said: Mapping, answer: Resolution) -> str:
    return ANNULLED if answer.rule != said["digest"] else answer.status


def _status_of(came: Resolution | None, end: date, today: date) -> str:
    return came.status if came is not None else DUE if end < today else OPEN


def _numbers(question: Behind, about: Mapping, place: int, state: str, status: str) -> dict[str, object]:
    """What the answer was worth at one year-end, or why that is not known."""
    if status != RESOLVED:
        return {"why": f"the signpost was {status}"}
    if isinstance(question, str):
        return {"why": question}
    try:
        taught = lesson(question, str(about["signpost"]), about["answer"] == YES, place)
    except AssumptionError as error:
        return {"why": str(error)}
    code = STATES.index(state) if state else None
    return {
        **{name: getattr(taught, name) for name in NUMBERS[:4]},
        "gained": math.nan if code is None else float(taught.gains[code]),
        "gained_error": math.nan if code is None else float(taught.gain_errors[code]),
        "why": "",
    }


def learned_summary(table: pd.DataFrame) -> pd.DataFrame:
    """Means for each mark and rule, of the year-end whose worth is shown unless another is asked for.

    Several forecasts of one year on one signpost are averaged first, those with the same numbers once. All answers of
    an origin are about one state, so that intervals resample origins with all their answers.

    Returns
    -------
    DataFrame
        ``mark, rule, answers`` (signposts times origins) and ``origins`` (years), of which ``scored`` answers at
        ``dates`` year-ends are resolved; ``expected, moved`` over all of them; ``expected_scored, gained`` over the
        scored ones, ``difference`` (expected minus gained: above 0 the answers taught less than was said), its 95 %
        interval ``low, high`` and ``verdict`` by the rule of `models.track.track_record.verdict`; ``error`` is the
        Monte Carlo standard error of the mean gain, if all answers erred together.
    """
    known = table[table["usual"] & (table["why"] == "")].assign(year=lambda rows: rows["origin"].dt.year)
    rows = []
    for (kind, rule), group in known.groupby(["mark", "rule"], sort=True):
        once = group.drop_duplicates([*_CELL, "expected", "moved", "gained"])  # saved again it weighs no more
        cells = once.groupby(list(_CELL))[list(NUMBERS)].mean().reset_index()
        done = cells[cells["gained"].notna()].assign(difference=lambda rows: rows["expected"] - rows["gained"])
        row = {"mark": kind, "rule": rule, "answers": len(cells), "origins": cells["year"].nunique()}
        row |= {"scored": len(done), "dates": done["target_year"].nunique()}
        row |= {name: float(cells[name].mean()) for name in ("expected", "moved")}
        row |= {"expected_scored": float(done["expected"].mean()), "gained": float(done["gained"].mean())}
        row |= {"error": float(done["gained_error"].mean()), "difference": float(done["difference"].mean())}
        rows.append(row | _compared(done))
    return pd.DataFrame(rows, columns=None if rows else list(SUMMARY))


def _compared(done: pd.DataFrame) -> dict[str, object]:
    """Interval of the difference over origins, and what it allows to be said."""
    by_origin = done.pivot_table(index="year", columns="signpost", values="difference")
    if by_origin.empty:
        return {"low": math.nan, "high": math.nan, "verdict": verdict(None, 0)}
    interval = pooled_interval(by_origin.to_numpy(dtype=float), max(max(HORIZONS), RULE.memory_years))
    low, high = (end if math.isfinite(end) else math.nan for end in (interval.low, interval.high))
    said = verdict(interval, len(by_origin))
    return {"low": low, "high": high, "verdict": {BETTER: MORE, WORSE: LESS}.get(said, said)}
