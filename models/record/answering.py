"""Who may answer a question: the outcome rule, and over a dispute a person, by a way of its own."""

from sqlalchemy import Connection, select

from models.errors import RecordError
from models.record.bodies import read_entry
from models.record.entries import RESOLUTION
from models.record.entry_checks import BY_YEAR, DISPUTED, RESOLVED
from models.record.resolutions import Resolution, ResolutionDraft
from models.record.tables import ENTRY, ENTRY_COLUMNS, entry_of

BY_RULE = "rule"
"""Author of resolutions that follow from the rule alone; any other is a person, and no rule overrules a person."""


def newest_answer(connection: Connection, draft: ResolutionDraft) -> Resolution | None:
    """The resolution of the same question that counts now.

    Raises
    ------
    RecordError
        A newer one is not as it was saved: it may be of this question.
    """
    answers = select(*ENTRY_COLUMNS).where(ENTRY.c.type == RESOLUTION).order_by(ENTRY.c.sequence.desc())
    for row in connection.execute(answers):
        value = read_entry(entry_of(row))
        if (value.question, value.subject) != (draft.question, draft.subject):
            continue
        if draft.question not in BY_YEAR or value.rule == draft.rule:  # asked under two rules, a year is two questions
            return value
    return None


def require_rule_or_objection(draft: ResolutionDraft, last: Resolution | None) -> None:
    """Refuse an answer by hand, and one by rule over a person's word.

    Raises
    ------
    RecordError
    """
    if draft.status != DISPUTED and draft.author != BY_RULE:
        raise RecordError(
            f"{draft.subject}: got an answer by {draft.author!r}, expected one by the rule, or an objection; dispute "
            "the answer, then settle it with `python -m models track settle`"
        )
    if draft.author == BY_RULE and last is not None and last.author != BY_RULE:
        raise RecordError(
            f"{draft.subject}: got an answer by the rule over what {last.author!r} said, expected a person's; "
            "a dispute is settled with `python -m models track settle`"
        )


def require_settlement(draft: ResolutionDraft, last: Resolution | None) -> None:
    """Refuse a settlement of what nobody disputes, and one by no person.

    Raises
    ------
    RecordError
    """
    if draft.status != RESOLVED or draft.author.strip().casefold() == BY_RULE:
        raise RecordError(f"{draft.subject}: got {draft.status} by {draft.author!r}, expected an answer by a person")
    if last is None or last.status != DISPUTED:
        raise RecordError(
            f"{draft.subject}: got an answer by hand to what is {last.status if last else 'open'}, expected a disputed "
            "question; dispute it first, with a reason"
        )
