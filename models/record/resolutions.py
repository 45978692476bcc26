"""How a question ended, as the record holds it: one state of a year or one signpost, its outcome and its reason."""

import re
from dataclasses import dataclass
from datetime import date

from data.values import frozen
from models.errors import RecordError
from models.names import STATES
from models.record.entries import Place
from models.record.entry_checks import (
    ANNULLED,
    BY_YEAR,
    DISPUTED,
    NAME_LETTERS,
    NOTE_LETTERS,
    RESOLVED,
    SIGNPOST,
    STATE,
    TARGET_LETTERS,
    YEAR_MEAN,
    YES_NO,
    TextCheck,
    require_digests,
    require_one_of,
    require_text,
    require_typed,
)

_MEAN = re.compile(r"[+-](10|[0-9])\.[0-9]{3}")
_YEAR = re.compile(r"[12][0-9]{3}")


@dataclass(frozen=True, kw_only=True)  # no slots: `Resolution` has a second base, and two with slots cannot be joined
class ResolutionDraft:
    """How a question ended, before it is written.

    Attributes
    ----------
    question : {"state", "signpost", "year_mean"}
    subject : str
        The year ("2025") or the signpost's id.
    status : {"resolved", "annulled", "disputed"}
    outcome : str
        One of the four states, "yes" or "no", or a year's own mean as text ("+2.310"); empty unless resolved (a
        disputed one may name what the rule gives).
    note : str
        Why; never blank.
    rule, evidence : str
        Digests of the rule and of the evidence that were read.
    as_of : date
        Day up to which the evidence goes.
    events : tuple of str
        Ids of the ledger rows that decided.
    """

    question: str
    subject: str
    status: str
    outcome: str
    note: str
    author: str
    rule: str
    evidence: str
    as_of: date
    events: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_resolution(self, require_typed)


@frozen
class Resolution(Place, ResolutionDraft):
    """A `ResolutionDraft` in the chain. The newest one of a question counts; the older ones stay to be seen."""

    def __post_init__(self) -> None:
        Place.__post_init__(self)
        require_resolution(self)


def require_resolution(draft: ResolutionDraft, check: TextCheck = require_text) -> None:
    """Refuse a resolution that contradicts itself, or that does not say why.

    Raises
    ------
    RecordError
    """
    require_one_of("question", draft.question, (STATE, SIGNPOST, YEAR_MEAN))
    require_one_of("status", draft.status, (RESOLVED, ANNULLED, DISPUTED))
    require_text("subject", draft.subject, TARGET_LETTERS)
    if draft.question in BY_YEAR and not _YEAR.fullmatch(draft.subject):
        raise RecordError(f"subject: got {draft.subject!r}, expected a year such as 2025")
    _require_outcome(draft)
    check("note", draft.note, NOTE_LETTERS, multiline=True)
    check("author", draft.author, NAME_LETTERS)
    require_digests("the resolution", draft.rule, draft.evidence)
    for event in draft.events:
        require_text("events", event, TARGET_LETTERS)


def mean_text(mean: float) -> str:
    """A year's own mean as an outcome."""
    return f"{mean + 0.0:+.3f}"


def _require_outcome(draft: ResolutionDraft) -> None:
    if draft.status == ANNULLED or not (draft.status == RESOLVED or draft.outcome):
        require_one_of("outcome", draft.outcome, ("",))
    elif draft.question != YEAR_MEAN:
        require_one_of("outcome", draft.outcome, STATES if draft.question == STATE else YES_NO)
    elif not _MEAN.fullmatch(draft.outcome):
        raise RecordError(
            f"outcome: got {draft.outcome[:TARGET_LETTERS]!r}, expected a year's own mean such as +2.310 or -0.500"
        )
