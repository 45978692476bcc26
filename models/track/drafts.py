"""What the ledger answers to a question whose day has come, ready to be written: by the rule alone, and why."""

import math
from collections.abc import Sequence

from data.types import Event, Evidence
from models.outcome.rule import RULE, RULES, OutcomeRule, resolve
from models.outcome.signpost_identity import signpost_digest
from models.outcome.signpost_list import Signpost
from models.outcome.signposts import DUE, OPEN, resolve_signpost
from models.record.answering import BY_RULE
from models.record.entry_checks import ANNULLED, DISPUTED, RESOLVED, SIGNPOST, STATE, YEAR_MEAN
from models.record.resolutions import ResolutionDraft, mean_text
from models.track.doubt import LabelDoubt, label_doubt, mean_doubt, signpost_doubt, year_mean

HEAVIEST = 3
"""Acts named with a year's mean: those that weigh most."""


def state_draft(evidence: Evidence, year: int, rule: str, doubtful: Sequence[Event]) -> ResolutionDraft:
    """The label of a year-end under the rule that it was asked under."""
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


def mean_draft(evidence: Evidence, year: int, rule: str, doubtful: Sequence[Event]) -> ResolutionDraft:
    """The year's own mean under the rule that it was asked under; annulled without an act that weighs anything."""
    asked_by = next((known for known in RULES if known.digest == rule), None)
    events = [event for event in evidence.events if event.year == year and not event.is_context]
    mean = float("nan") if asked_by is None else year_mean(events, year, asked_by)
    status, outcome, named = ANNULLED, "", ()
    if asked_by is None:
        note = f"Annulled: asked under the outcome rule {rule[:12]}, which this program does not know."
    elif math.isnan(mean):
        note = f"Annulled: no act of {year} was recorded that weighs anything."
    else:
        status, outcome, named = RESOLVED, mean_text(mean), _heaviest(events, asked_by)
        note = f"The {len(events)} acts of {year} average {mean:+.2f} under {asked_by.version}."
        if doubt := mean_doubt(events, year, doubtful, asked_by):
            status, note = DISPUTED, f"{note} {_doubted(doubt)}"
    return ResolutionDraft(
        question=YEAR_MEAN,
        subject=str(year),
        status=status,
        outcome=outcome,
        note=note,
        author=BY_RULE,
        rule=rule,
        evidence=evidence.digest,
        as_of=evidence.as_of,
        events=named,
    )


def _heaviest(events: Sequence[Event], rule: OutcomeRule) -> tuple[str, ...]:
    """Ids of the three acts that weigh most in a year's mean."""
    ranked = sorted(events, key=lambda event: (-rule.weight(event), event.id))
    return tuple(event.id for event in ranked[:HEAVIEST])


def signpost_drafts(evidence: Evidence, signpost: Signpost, doubtful: Sequence[Event]) -> list[ResolutionDraft]:
    """One draft, or none before the ledger has reached the deadline. Where it is silent about the deadline's year, the
    question is annulled, until rows of that year say otherwise."""
    answer = resolve_signpost(signpost, evidence.events, evidence.as_of)
    if answer.status in (OPEN, DUE):
        return [_annulled(evidence, signpost, answer.note)] if signpost.deadline <= evidence.as_of else []
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


def _annulled(evidence: Evidence, signpost: Signpost, note: str) -> ResolutionDraft:
    return ResolutionDraft(
        question=SIGNPOST,
        subject=signpost.id,
        status=ANNULLED,
        outcome="",
        note=f"Annulled. {note}",
        author=BY_RULE,
        rule=signpost_digest(signpost),
        evidence=evidence.digest,
        as_of=evidence.as_of,
        events=(),
    )


def _doubted(doubt: LabelDoubt) -> str:
    return f"Disputed: with the {doubt.which} rows it would be “{doubt.other}” ({', '.join(doubt.events)})."
