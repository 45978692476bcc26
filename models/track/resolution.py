"""What became of the questions that saved forecasts asked: open, due, resolved, annulled or disputed, and why.

Year-end states, the years' own means and signposts are resolved; whether a state was reached within a window follows
from its year-ends, and a year's word from its mean and the tone that a forecast was made at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from data.days import last_whole_year
from data.types import Event, Evidence
from data.values import frozen
from models.errors import RecordError
from models.names import Scenario
from models.outcome.rule import RULE, Label, OutcomeRule
from models.outcome.signpost_list import SIGNPOSTS, Signpost
from models.outcome.signposts import DUE, OPEN, resolve_signposts, waiting
from models.record.answering import BY_RULE
from models.record.entries import SavedForecast
from models.record.entry_checks import DISPUTED, RESOLVED, SIGNPOST, STATE, YEAR_MEAN
from models.record.resolutions import Resolution, ResolutionDraft
from models.track.asked import (
    asked,
    asked_means,
    asked_under,
    by_question,
    live_questions,
    live_signposts,
    question_key,
)
from models.track.drafts import mean_draft, signpost_drafts, state_draft

type Status = Literal["open", "due", "resolved", "annulled", "disputed"]


@frozen
class Question:
    """One question and what is known of its answer.

    Attributes
    ----------
    question, subject : str
        "state" or "year_mean" and the year, or "signpost" and its id.
    title : str
        For a reader.
    day : date
        Until its end the answer is open.
    status : {"open", "due", "resolved", "annulled", "disputed"}
        "due": the day has passed and no answer is in the record yet.
    history : tuple of Resolution
        All that were written, newest first; the first one counts.
    rule : str
        Digest of the outcome rule under which a year was asked about; empty for a signpost.
    live : bool
        Whether a forecast gave it a chance that was saved before its day.
    """

    question: str
    subject: str
    title: str
    day: date
    status: Status
    history: tuple[Resolution, ...]
    live: bool
    rule: str = ""

    @property
    def name(self) -> str:
        """By which a person names it: a year stands for its state, "mean-2026" for that year's own mean."""
        return f"mean-{self.subject}" if self.question == YEAR_MEAN else self.subject

    @property
    def outcome(self) -> str:
        """The answer of a resolved question, else nothing."""
        return self.history[0].outcome if self.status == RESOLVED else ""


def settled_labels(
    labels: Iterable[Label], resolutions: Iterable[Resolution], rule: OutcomeRule = RULE
) -> tuple[Label, ...]:
    """A rule's labels of year-ends, with the record's answer where it holds one; those it sets aside are left out."""
    answered = {key: past[0] for key, past in by_question(resolutions).items()}
    histories = {
        int(year): past for (kind, year, name), past in answered.items() if (kind, name) == (STATE, rule.digest)
    }
    settled = []
    for label in labels:
        answer = histories.get(label.year)
        if answer is None:
            settled.append(label)
        elif answer.status == RESOLVED:
            settled.append(replace(label, state=Scenario(answer.outcome), reason=answer.note))
    return tuple(settled)


def past_answers(evidence: Evidence, resolutions: Iterable[Resolution]) -> Mapping[str, str]:
    """Yes or no by id of the signposts whose deadline the ledger has passed, with the record's answer where it holds
    one; those that it sets aside are left out."""
    answers = {
        one.signpost.id: one.status
        for one in resolve_signposts(evidence.events, evidence.as_of)
        if one.signpost.deadline <= evidence.as_of and one.status not in (OPEN, DUE)
    }
    for (kind, subject, _), past in by_question(resolutions).items():
        if kind == SIGNPOST and subject in answers:
            answers[subject] = past[0].outcome if past[0].status == RESOLVED else ""
    return {subject: answer for subject, answer in answers.items() if answer}


def questions(
    today: date,
    forecasts: Sequence[SavedForecast],
    resolutions: Iterable[Resolution],
    signposts: Iterable[Signpost] = SIGNPOSTS,
) -> tuple[Question, ...]:
    """Every question: first those without an answer in order of their day, then the answered ones, the newest first."""
    histories = by_question(resolutions)
    means = [saved for saved in forecasts if saved.tone is not None]
    known = live_signposts(forecasts)
    live = {STATE: live_questions(forecasts), YEAR_MEAN: live_questions(means)}
    subjects = [((STATE, str(year), rule), _title(year, rule), date(year, 12, 31)) for year, rule in asked(forecasts)]
    subjects += [
        ((YEAR_MEAN, str(year), rule), _mean_title(year, rule), date(year, 12, 31))
        for year, rule in asked_means(forecasts)
    ]
    subjects += [((SIGNPOST, signpost.id, ""), signpost.question, signpost.deadline) for signpost in signposts]
    listed = []
    for (kind, subject, rule), title, day in subjects:
        history = histories.get((kind, subject, rule), ())
        status = history[0].status if history else waiting(day, today)
        listed.append(
            Question(
                question=kind,
                subject=subject,
                title=title,
                day=day,
                status=status,
                history=history,
                live=subject in known if kind == SIGNPOST else (int(subject), rule) in live[kind],
                rule=rule,
            )
        )
    return tuple(sorted(listed, key=_urgency))


def _urgency(question: Question) -> tuple[bool, int, bool]:
    day = question.day.toordinal()
    return bool(question.history), -day if question.history else day, question.question == SIGNPOST


def _title(year: int, rule: str) -> str:
    title = f"State at the end of {year}"
    return title if rule == RULE.digest else f"{title}, asked under {asked_under(rule)}"


def _mean_title(year: int, rule: str) -> str:
    title = f"Mean of the acts of {year}"
    return title if rule == RULE.digest else f"{title}, asked under {asked_under(rule)}"


def due(
    evidence: Evidence,
    today: date,
    forecasts: Sequence[SavedForecast],
    resolutions: Iterable[Resolution],
    doubtful: Iterable[Event] = (),
) -> tuple[ResolutionDraft, ...]:
    """Resolutions that can be written now: the day has passed, the evidence reaches it, and the record says nothing or
    what the rule no longer says. What a person wrote stands. A year-end is answered under each rule that it was asked
    under.

    Parameters
    ----------
    evidence : Evidence
        The ledger that answers.
    doubtful : iterable of Event
        Rows that were left out of it, unverified or weak: an answer that they would change is disputed.
    """
    histories, rows = by_question(resolutions), [event for event in doubtful if event.latest_date <= evidence.as_of]
    last = min(last_whole_year(evidence.as_of), today.year - 1)

    def reached(pairs: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        yield from ((year, rule) for year, rule in pairs if year <= last)

    drafts = [state_draft(evidence, year, rule, rows) for year, rule in reached(asked(forecasts))]
    drafts += [mean_draft(evidence, year, rule, rows) for year, rule in reached(asked_means(forecasts))]
    for signpost in SIGNPOSTS:
        if signpost.deadline < today and signpost.deadline <= evidence.as_of:
            drafts += signpost_drafts(evidence, signpost, rows)
    return tuple(draft for draft in drafts if _is_news(draft, histories.get(question_key(draft), ())))


def dispute(question: Question, author: str, reason: str, evidence: Evidence) -> ResolutionDraft:
    """A person's objection to an answer: the question is not scored until a later resolution lifts it.

    Raises
    ------
    RecordError
        The day has not come, there is no answer yet, or author or reason are blank.
    """
    if question.status == OPEN:
        raise RecordError(
            f"{question.title}: got a dispute before {question.day}, expected one after; wait for the day"
        )
    if not question.history:  # who objects first would settle what the ledger does not reach
        raise RecordError(f"{question.title}: got a dispute of what has no answer yet; resolve what is due first")
    _require_person(author)
    last = question.history[0]
    return ResolutionDraft(
        question=question.question,
        subject=question.subject,
        status=DISPUTED,
        outcome="",
        note=reason,
        author=author,
        rule=last.rule,
        evidence=evidence.digest,
        as_of=evidence.as_of,
        events=last.events,
    )


def settled_again(question: Question, author: str, outcome: str, reason: str) -> ResolutionDraft:
    """Lift a dispute: the answer that counts from now on, and why.

    Raises
    ------
    RecordError
        The question is not disputed, the outcome is unknown, or author or reason are blank.
    """
    if not question.history:
        raise RecordError(
            f"{question.title}: got an answer by hand to what has none by rule; resolve what is due first"
        )
    if question.status != DISPUTED:
        raise RecordError(
            f"{question.title}: got an answer by hand to what is {question.status}, expected a disputed question; "
            "dispute it first, with a reason"
        )
    _require_person(author)
    last = question.history[0]
    fields = {name: getattr(last, name) for name in ("question", "subject", "rule", "evidence", "as_of", "events")}
    return ResolutionDraft(**fields, status=RESOLVED, outcome=outcome, note=reason, author=author)


def _require_person(author: str) -> None:
    if author.strip().casefold() == BY_RULE:
        raise RecordError(f"got the author {author!r}, which stands for the outcome rule; give a person's name")


def _is_news(draft: ResolutionDraft, history: tuple[Resolution, ...]) -> bool:
    if not history:
        return True
    last = history[0]
    same = (last.status, last.outcome, last.rule) == (draft.status, draft.outcome, draft.rule)
    return last.author == BY_RULE and not same
