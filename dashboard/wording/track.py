"""Words for the track record: what was saved, what came of it, and who did better than the base rate. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

import pandas as pd

from dashboard.wording.backtest import SCORE_MEANINGS
from dashboard.wording.chances import percent
from dashboard.wording.labels import (
    MODEL_LABELS,
    STATE_LABELS,
    STATE_SHORT,
    TARGET_LABELS,
    date_text,
    joined,
)
from dashboard.wording.numerals import share
from dashboard.wording.record import MARKS
from data.days import is_year_end
from models.names import STATES
from models.outcome.signposts import DUE
from models.record.entries import HINDCAST, LIVE
from models.record.entry_checks import ANNULLED, DISPUTED, RESOLVED, STATE
from models.scores.rules import FLOOR
from models.text.visible import isolated
from models.track.resolution import BY_RULE, OPEN, Question
from models.track.scored_table import DEFAULT
from models.track.track_record import BETTER, MINIMUM_DATES, RANKED, TOO_FEW, UNCLEAR, WORSE, Calibration

MARK_LABELS = MappingProxyType(
    {LIVE: f"{MARKS[LIVE]}: saved before the day", HINDCAST: f"{MARKS[HINDCAST]}: drawn after the fact"}
)
KIND_WORDS = MappingProxyType({LIVE: "live forecasts", HINDCAST: "hindcasts"})
STATUS_LABELS = MappingProxyType(
    {
        OPEN: "Open",
        DUE: "Due",
        RESOLVED: "Resolved",
        ANNULLED: "Annulled",
        DISPUTED: "Disputed",
    }
)
STATUS_MEANINGS = MappingProxyType(
    {
        OPEN: "The day has not come.",
        DUE: "The day has passed and the record holds no answer yet.",
        RESOLVED: "Answered from the ledger by rule; only these are scored.",
        ANNULLED: "The rule gives no answer, or is no longer the rule that was asked.",
        DISPUTED: "Doubtful rows would change the answer, or a person objects and says why. Not scored until settled.",
    }
)
VERDICT_LABELS = MappingProxyType(
    {TOO_FEW: "Too few to tell", BETTER: "Better", WORSE: "Worse", UNCLEAR: "No clear difference"}
)
_VERDICTS = MappingProxyType(
    {
        TOO_FEW: "too few answers to tell",
        BETTER: "better",
        WORSE: "worse",
        UNCLEAR: "no clear difference",
    }
)
GROUP_LABELS = MappingProxyType(
    {"assumptions": "Assumptions", "author": "Author", "horizon": "Years ahead", "model_id": "Model"}
)
DEFAULT_NAME = "Default assumptions"
LOWER = "Lower scores are better."
_INDEX = " The index puts the same score on 0 (worst possible), 50 (the base rate) to 100 (perfect)."
_CHANCE_ALONE = 40
"""One comparison in so many looks better by chance alone: half of the twentieth that lies outside 95 % intervals."""


def track_headline(counts: pd.DataFrame, questions: Sequence[Question]) -> str:
    """The page's answer in a sentence or three: what is known of live forecasts, and when the next answer is due."""
    live = counts[counts["mark"] == LIVE].set_index("status")["dates"]
    resolved, days = int(live.get(RESOLVED, 0)), live_days(questions, OPEN)
    if live.empty:
        return (
            "No live forecast is in the record, so nobody’s foresight can be judged here. Save a forecast on the "
            "Forecast page: it is resolved and scored when its days come."
        )
    if resolved:
        return (
            f"{year_ends(resolved)} that live forecasts speak about {'has' if resolved == 1 else 'have'} been "
            f"resolved{_and_next(days)}."
        )
    return (
        "No live forecast has been resolved yet, so there is no evidence, good or bad, on anyone’s foresight. "
        f"{waiting_text(live, days)}"
    )


def waiting_text(live: Mapping[str, int], days: Sequence[date]) -> str:
    """How many year-ends are waiting and for what."""
    waiting = [f"{_are(int(live[status]))} {word}" for status, word in _WAITING.items() if live.get(status, 0)]
    due = "The first answer falls due after {}, once the ledger of events covers that day."
    first = f" {due.format(date_text(days[0]))}" if days else ""
    return f"Of the year-ends they speak about, {joined(waiting)}.{first}" if waiting else first.strip()


_WAITING = MappingProxyType(
    {
        OPEN: "still to come",
        DUE: "passed but not answered yet",
        ANNULLED: "annulled",
        DISPUTED: "disputed",
    }
)


def live_days(questions: Sequence[Question], status: str) -> list[date]:
    """Days of the live year-ends that stand so, the first one first."""
    return sorted(
        question.day
        for question in questions
        if question.live and question.question == STATE and question.status == status
    )


def year_ends(count: int) -> str:
    """“One year-end”, “12 year-ends”."""
    return "One year-end" if count == 1 else f"{count} year-ends"


def _are(count: int) -> str:
    return "one is" if count == 1 else f"{count} are"


def _and_next(days: Sequence[date]) -> str:
    return f"; the next day is {date_text(days[0])}" if days else ""


def empty_sentence(mark: str, hidden: int = 0, *, own: bool = True) -> str:
    """What stands in place of scores while a mark has none, or while its replayed forecasts are not shown; replaying
    is offered in this server's own record alone."""
    if mark == HINDCAST and hidden:
        return f"{hidden} replayed hindcasts are in the record; the filter above shows how they did."
    if mark == HINDCAST:
        replay = " Replay history to see how the method would have done since 2005." if own else ""
        return f"No hindcast is saved in {'this' if own else 'the project’s'} record.{replay}"
    return (
        "Nothing live has been resolved, so there is nothing to score. Scores of hindcasts stand in their own section "
        "below and are never added to these."
    )


def scores_sentence(summary: pd.DataFrame, score: str, mark: str) -> str:
    """Who did better than the base rate, by the rule, and what the number of comparisons does to it."""
    rows = summary[summary["score"] == score]
    counts = {word: int((rows["verdict_base_rate"] == word).sum()) for word in VERDICT_LABELS}
    verdicts = [
        f"{_VERDICTS[word]} ({count} of {len(rows)})" if len(rows) > 1 else _VERDICTS[word]
        for word, count in counts.items()
        if count
    ]
    floor = f" No chance counts as less than {percent(FLOOR)}." if score == "log" else ""
    floor += _INDEX if score == RANKED else ""
    return (
        f"Against the base rate under default assumptions: {joined(verdicts)}, by the {SCORE_MEANINGS[score]}."
        f"{floor}{_unknown(rows)} Better or worse is "
        f"only said after {MINIMUM_DATES} year-ends or more, and only where the 95 % interval of the difference does "
        f"not contain zero; saves of the same question count once.{_many(len(rows))} These are {KIND_WORDS[mark]}."
    )


def _unknown(rows: pd.DataFrame) -> str:
    """Where the base rate is not known: its hazard was moved, and nothing else was saved on that evidence."""
    count = int(rows["base_rate"].isna().sum())
    where = "it is" if len(rows) == 1 else f"in {count} of {len(rows)} rows it is"
    return f" Its hazard was moved, so that {where} not known." if count else ""


def _many(comparisons: int) -> str:
    if comparisons < 2:
        return ""
    return (
        f" {comparisons} are compared: at least one comparison in {_CHANCE_ALONE} looks better by chance alone, so the "
        "best of many proves little."
    )


def given_sentence(given: pd.DataFrame, mark: str) -> str:
    """Means of the chance given to what happened, beside the base rate's.

    Parameters
    ----------
    given : DataFrame
        `dashboard.figures.track.given_to_outcome` of one mark.
    """
    both = given.dropna(subset=["base_rate"])
    worst = given.loc[given["given"].idxmin()]
    return (
        f"Chance that {KIND_WORDS[mark]} gave, on average, to what then happened: {percent(given['given'].mean())}; "
        f"{_beside(given, both)}guessing: 25 %. Greatest surprise: "
        f"{STATE_LABELS[worst['observed']].lower()} at the end of {int(worst['target_year'])}, to which the forecast "
        f"from {origin_text(worst['origin'])} gave {percent(worst['given'])}."
    )


def origin_text(origin: date) -> str:
    """The day that a forecast was made from."""
    return f"the end of {origin.year}" if is_year_end(origin) else date_text(origin)


def _beside(given: pd.DataFrame, both: pd.DataFrame) -> str:
    """The base rate's mean, over the same questions."""
    if both.empty:
        return ""
    text = f"the base rate alone: {percent(both['base_rate'].mean())}"
    if len(both) < len(given):
        text += f", where it is known and forecasts gave {percent(both['given'].mean())}"
    return f"{text}; "


def by_hand_sentence(questions: Sequence[Question], mark: str) -> str:
    """Which answers people set aside or replaced, and what the rule had said: so that a habit of it is seen."""
    own = [question for question in questions if question.question == STATE and question.live == (mark == LIVE)]
    answers = [
        _by_hand(question) for question in own if any(resolution.author != BY_RULE for resolution in question.history)
    ]
    return f"Not left to the rule: {joined(answers)}." if answers else ""


def _by_hand(question: Question) -> str:
    last = question.history[0]
    rule = next((resolution for resolution in question.history if resolution.author == BY_RULE), None)
    before = STATE_SHORT.get(rule.outcome, "nothing").lower() if rule else "nothing"
    after = f" as {STATE_SHORT[last.outcome].lower()}" if last.status == RESOLVED else ""
    settled = f"{STATUS_LABELS[last.status].lower()}{after} by {isolated(last.author)}"
    return f"{question.subject} ({settled}; the rule said {before})"


def calibration_sentence(calibration: Calibration, mark: str) -> str:
    """One reliability curve: pairs, how much lies outside the band, and what that allows to be said."""
    what = f"{event_name(calibration.event)}, {calibration.curve.pairs} {KIND_WORDS[mark]}"
    only = "Only targets past their day count, and saves of the same question count once."
    if calibration.event not in STATES and mark == LIVE:
        only += " A window is live only where its first year-end was still to come."
    if not calibration.has_verdict:
        return f"{what} on {year_ends(calibration.dates).lower()}: too few for a verdict, so no band is drawn. {only}"
    return (
        f"{what} on {year_ends(calibration.dates).lower()}: {share(calibration.curve.share_outside)} of them lie "
        f"outside the grey band, where about 10 % would by chance alone. Neighbouring years share outcomes, so the "
        f"true band is wider. {only}"
    )


def event_name(event: str) -> str:
    """A state, or the question of a window, as a choice."""
    return STATE_LABELS[event] if event in STATES else TARGET_LABELS[event]


def model_name(model: str) -> str:
    """A row's title."""
    return DEFAULT_NAME if model == DEFAULT else MODEL_LABELS[model]


def counts_text(counts: pd.DataFrame, mark: str) -> str:
    """“20 year-ends resolved, 4 open” for one mark."""
    rows = counts[counts["mark"] == mark].set_index("status")["dates"]
    parts = [f"{int(rows[status])} {STATUS_LABELS[status].lower()}" for status in STATUS_LABELS if rows.get(status, 0)]
    return f"Year-ends: {joined(parts)}." if parts else ""
