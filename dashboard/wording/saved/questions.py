"""Words for the questions that saved forecasts asked: their answers, what they wait for, who settles them. Pure."""

from collections.abc import Sequence
from datetime import date
from types import MappingProxyType

from dashboard.wording.labels import STATE_SHORT, date_text, years_text
from models.names import STATES
from models.outcome.signposts import DUE
from models.record.entry_checks import DISPUTED, RESOLVED, SIGNPOST, STATE, YEAR_MEAN, YES_NO
from models.record.resolutions import ResolutionDraft
from models.track.resolution import BY_RULE, OPEN, Question


def answer_text(question: Question) -> str:
    """The answer in the words of the page; empty while there is none."""
    if question.status not in (RESOLVED, DISPUTED) or not question.history:
        return ""
    outcome = question.history[0].outcome
    return STATE_SHORT.get(outcome, outcome.capitalize())


def waiting_for(question: Question, ledger_end: date) -> str:
    """What an unanswered question waits for, or who answered it."""
    if question.history:
        return "by rule" if question.history[0].author == BY_RULE else f"by {question.history[0].author}"
    if question.status == OPEN:
        return f"waits for {date_text(question.day)}"
    return "can be resolved now" if question.day <= ledger_end else "waits for the ledger"


def settling_sentence(question: Question) -> str:
    """Who settles a disputed question where nobody signs in, and with which answers."""
    outcomes = settling_outcomes(question) or ("a mean such as +2.310",)
    return (
        "A disputed question is settled on the command line, by whoever may write to this record there: this page does "
        f"not know who somebody is, and scores follow the answer. OUTCOME is one of {', '.join(outcomes)}."
    )


def settling_outcomes(question: Question) -> tuple[str, ...]:
    """The answers that a question can have; nothing where it is a number."""
    return {STATE: tuple(STATES), YEAR_MEAN: ()}.get(question.question, tuple(YES_NO))


def settling_command(question: Question) -> str:
    """What settles it."""
    return f'python -m models track settle {question.name} --outcome OUTCOME --author "YOUR NAME" --reason "WHY"'


def due_sentence(ready: Sequence[ResolutionDraft], questions: Sequence[Question], ledger_end: date) -> str:
    """What the button would do, by kind of question, and which days the ledger does not reach."""
    late = sorted({question.day.year for question in questions if question.status == DUE and question.day > ledger_end})
    text = f"Can be resolved now: {_kinds_text(ready)}." if ready else "Nothing can be resolved now."
    if late:
        text += (
            f" The ledger of events ends {date_text(ledger_end)}; {years_text(late)} can only be answered once it "
            "goes further."
        )
    return text


def _kinds_text(drafts: Sequence[ResolutionDraft]) -> str:
    """“0 year-ends, 3 signposts”: year-ends are told even where there is none, since the cards above count them."""
    counts = {kind: sum(draft.question == kind for draft in drafts) for kind in _KINDS}
    parts = [(kind, count) for kind, count in counts.items() if count or kind == STATE]
    return ", ".join(f"{count} {_KINDS[kind][count != 1]}" for kind, count in parts)


_KINDS = MappingProxyType(
    {
        STATE: ("year-end", "year-ends"),
        YEAR_MEAN: ("mean of a year", "means of years"),
        SIGNPOST: ("signpost", "signposts"),
    }
)
