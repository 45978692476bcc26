"""What became of the questions that saved forecasts asked: open, due, resolved, annulled or disputed, and why.

Only year-end states and signposts are resolved; whether a state was reached within a window follows from its year-ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Literal

from data.digest import digest
from data.types import Event, Evidence
from data.values import frozen
from models.errors import RecordError
from models.names import Scenario
from models.outcome.rule import RULE, RULES, Label, OutcomeRule, resolve
from models.outcome.signpost_list import SIGNPOSTS, Signpost
from models.outcome.signposts import DUE, OPEN, resolve_signpost, waiting
from models.record.answering import BY_RULE
from models.record.entries import SavedForecast
from models.record.entry_checks import ANNULLED, DISPUTED, RESOLVED, SIGNPOST, STATE
from models.record.resolutions import Resolution, ResolutionDraft
from models.track.asked import asked, asked_under, by_question, live_questions, question_key
from models.track.doubt import LabelDoubt, label_doubt, signpost_doubt

type Status = Literal["open", "due", "resolved", "annulled", "disputed"]


@frozen
class Question:
    """One question and what is known of its answer.

    Attributes
    ----------
    question, subject : str
        "state" and the year, or "signpost" and its id.
    title : str
        For a reader.
    day : date
        Until its end the answer is open.
    status : {"open", "due", "resolved", "annulled", "disputed"}
        "due": the day has passed and no answer is in the record yet.
    history : tuple of Resolution
        All that were written, newest first; the first one counts.
    rule : str
        Digest of the outcome rule under which a year-end was asked; empty for a signpost.
    live : bool
        Whether a forecast asked it that was saved before its day. Signposts have no forecast.
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


def questions(
    today: date,
    forecasts: Sequence[SavedForecast],
    resolutions: Iterable[Resolution],
    signposts: Iterable[Signpost] = SIGNPOSTS,
) -> tuple[Question, ...]:
    """Every question: first those without an answer in order of their day, then the answered ones, the newest first."""
    histories, live = by_question(resolutions), live_questions(forecasts)
    subjects = [((STATE, str(year), rule), _title(year, rule), date(year, 12, 31)) for year, rule in asked(forecasts)]
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
                live=kind == STATE and (int(subject), rule) in live,
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
    last = min(evidence.as_of.year, today.year - 1)
    reached = [(year, rule) for year, rule in asked(forecasts) if year <= last and date(year, 12, 31) <= evidence.as_of]
    drafts = [_state_draft(evidence, year, rule, rows) for year, rule in reached]
    for signpost in SIGNPOSTS:
        if signpost.deadline < today and signpost.deadline <= evidence.as_of:
            drafts += _signpost_drafts(evidence, signpost, rows)
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


def signpost_digest(signpost: Signpost) -> str:
    """Of everything that a signpost asks and how it is settled."""
    return digest(asdict(signpost))


def _state_draft(evidence: Evidence, year: int, rule: str, doubtful: Sequence[Event]) -> ResolutionDraft:
    asked_by = next((known for known in RULES if known.digest == rule), None)
    if asked_by is None:
        status, outcome, events = ANNULLED, "", ()
        note = f"Annulled: asked under the outcome rule {rule[:12]}, which this program does not know."
    else:
        label = resolve(evidence.events, year, asked_by)
        status, outcome, note = RESOLVED, label.state.value if label.state else "", label.reason
        events = tuple(event.id for event in label.decisive)
        if label.state is None:
            status = ANNULLED
        elif doubt := label_doubt(evidence.events, year, doubtful, asked_by):
            status, note = DISPUTED, f"{label.reason} {_doubted(doubt)}"
        if asked_by != RULE:
            note = f"Asked under {asked_by.version}. {note}"
    return ResolutionDraft(
        question=STATE,
        subject=str(year),
        status=status,
        outcome=outcome,
        note=note,
        author=BY_RULE,
        rule=rule,
        evidence=evidence.digest,
        as_of=evidence.as_of,
        events=events,
    )


def _signpost_drafts(evidence: Evidence, signpost: Signpost, doubtful: Sequence[Event]) -> list[ResolutionDraft]:
    """One draft, or none where the ledger is silent about the deadline's year."""
    answer = resolve_signpost(signpost, evidence.events, evidence.as_of)
    if answer.status in (OPEN, DUE):
        return []
    doubt = signpost_doubt(signpost, evidence.events, doubtful, evidence.as_of)
    return [
        ResolutionDraft(
            question=SIGNPOST,
            subject=signpost.id,
            status=DISPUTED if doubt else RESOLVED,
            outcome=answer.status,
            note=f"{answer.note} {_doubted(doubt)}" if doubt else answer.note,
            author=BY_RULE,
            rule=signpost_digest(signpost),
            evidence=evidence.digest,
            as_of=evidence.as_of,
            events=(answer.event.id,) if answer.event else (),
        )
    ]


def _doubted(doubt: LabelDoubt) -> str:
    return f"Disputed: with the {doubt.which} rows it would be “{doubt.other}” ({', '.join(doubt.events)})."


def _require_person(author: str) -> None:
    if author.strip().casefold() == BY_RULE:
        raise RecordError(f"got the author {author!r}, which stands for the outcome rule; give a person's name")


def _is_news(draft: ResolutionDraft, history: tuple[Resolution, ...]) -> bool:
    if not history:
        return True
    last = history[0]
    same = (last.status, last.outcome, last.rule) == (draft.status, draft.outcome, draft.rule)
    return last.author == BY_RULE and not same
