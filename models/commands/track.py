"""`python -m models track`: what became of saved forecasts: resolve them, score them, replay history as hindcasts."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from models.commands.actions.track_score import run_score, whole
from models.commands.options.line import Parsers, actions, add_json, add_record, answer, command, note
from models.commands.options.runs import add_workers, progress_of, work_folder, workers
from models.errors import RecordError
from models.snapshot.value import Snapshot
from models.storage.disk import Files

if TYPE_CHECKING:
    from models.track.resolution import Question

DESCRIPTION = """\
Hold saved forecasts to account. A question stays open until its day; then it is resolved from the ledger by rule,
annulled where the rule gives no label, or disputed where rows that the ledger leaves out would change the answer, or
where a person says why. Only what is resolved is scored. Forecasts that were made before the day of their target
("live") and those drawn after the fact ("hindcast") are never mixed.
"""
REPLAY = """\
Save forecasts as of each year-end since 2005 as hindcasts, each resolved a year later. Without --refit the
archived snapshots of docs/replay are saved, which takes seconds and leaves the draws out. With it every model is fitted
again (some minutes; finished fits wait in the work folder), so that each saved forecast can be recomputed.
"""
SCORE = """\
Print mean scores of what is resolved beside the base rate and the default assumptions, with the verdict that ten
year-ends and a 95 % interval allow; the index is the ranked score as 0 (worst possible), 50 (the base rate) to 100
(perfect). Of signposts that were answered since: how good the saved chances were, and what the answers taught. Each
forecast with such an answer is asked again from the draws saved with it, which takes some seconds: the worth that it
expected, how far the answer moved it, and what it gained once the year-end is resolved too.
"""
EXAMPLES = """\
examples:
  python -m models track resolve                what can be answered now is written down
  python -m models track resolve --dry-run      ... or only shown
  python -m models track score                  scores beside the base rate and the default
  python -m models track score --published      ... of the project's own forecasts
  python -m models track replay                 fill the record with the archived hindcasts
  python -m models track dispute 2026 --author Ada --reason "The deciding row was withdrawn."
  python -m models track settle 2026 --outcome strain --author Ada --reason "It was confirmed."
"""


def add(commands: Parsers) -> None:
    """Add the actions."""
    more = {"description": DESCRIPTION, "epilog": EXAMPLES}
    group = actions(command(commands, "track", "resolve and score saved forecasts, replay history", **more))
    resolve = command(group, "resolve", "answer the questions whose day has passed", run_resolve)
    resolve.add_argument("--dry-run", action="store_true", help="show what would be written, write nothing")
    score = command(group, "score", "print the scores", run_score, description=SCORE)
    score.add_argument("--published", action="store_true", help="of the project's own forecasts, in docs/record")
    replay = command(group, "replay", "save past forecasts", run_replay, description=REPLAY)
    replay.add_argument("--refit", action="store_true", help="sample again and rewrite the archive")
    add_workers(replay)
    text = "object to an answer: it is not scored until it is settled"
    objection = command(group, "dispute", text, run_dispute)
    settlement = command(group, "settle", "answer a disputed question", run_dispute)
    settlement.add_argument("--outcome", required=True, help="a state, yes or no for a signpost, a mean such as +2.310")
    for person in (objection, settlement):
        person.add_argument("subject", metavar="QUESTION", help="a year such as 2026, or a signpost such as S07")
        person.add_argument("--author", required=True, help="your name")
        person.add_argument("--rule", metavar="NAME", help="of a year-end that was asked under several outcome rules")
        person.add_argument("--reason", required=True, help="why; it stays in the record")
    answers = {
        "the resolution": (objection, settlement),
        "the resolutions": (resolve,),
        "the scores": (score,),
        "the counts": (replay,),
    }
    for what, parsers in answers.items():
        for parser in parsers:
            add_record(parser)
            add_json(parser, what)


def run_resolve(args: argparse.Namespace) -> int:
    """Write what can be answered now."""
    from models.record.store import Record
    from models.track.doubt import doubtful_events
    from models.track.resolution import due

    evidence = args.context.evidence()
    with Record.open(args.record) as record:
        listing = whole(record)
        drafts = due(evidence, args.context.today(), listing.forecasts, listing.resolutions, doubtful_events())
        if not args.dry_run:
            for draft in drafts:
                record.resolve(draft)
    values = [{name: getattr(draft, name) for name in ("question", "subject", *_SHOWN)} for draft in drafts]
    lines = [
        f"{draft.question:8} {draft.subject:6} {draft.status:9} {draft.outcome:13} {draft.note}" for draft in drafts
    ]
    done = "to be resolved" if args.dry_run else "resolved"
    return answer(args, values, "\n".join([*lines, f"{len(drafts)} {done}; the ledger ends {evidence.as_of}."]))


def run_dispute(args: argparse.Namespace) -> int:
    """Write a person's objection, or the answer that lifts one."""
    from models.record.store import Record
    from models.track.resolution import dispute, questions, settled_again

    with Record.open(args.record) as record:
        listing = whole(record)
        all_questions = questions(args.context.today(), listing.forecasts, listing.resolutions)
        question, outcome = _chosen(args, all_questions), getattr(args, "outcome", "")
        if outcome:
            done = record.settle_dispute(settled_again(question, args.author, outcome, args.reason))
        else:
            done = record.resolve(dispute(question, args.author, args.reason, args.context.evidence()))
    values = {name: getattr(done, name) for name in ("digest", "question", "subject", *_SHOWN)}
    return answer(args, values, f"{question.title}: {done.status}{f', {done.outcome}' if done.outcome else ''}.")


def _chosen(args: argparse.Namespace, questions: Sequence[Question]) -> Question:
    """The question of a subject; a year-end that was asked under several rules is several questions."""
    from models.outcome.rule import RULE, rule_of
    from models.track.asked import asked_under

    own = {question.rule: question for question in questions if question.name == args.subject}
    if not own:
        named = ", ".join(dict.fromkeys(question.name for question in questions))
        raise RecordError(f"got the question {args.subject!r}, expected one of {named}; correct it")
    rule = rule_of(args.rule).digest if args.rule else RULE.digest
    if len(own) == 1 and not args.rule:
        return next(iter(own.values()))
    if rule not in own:
        named = ", ".join(asked_under(name) for name in own)
        raise RecordError(
            f"got the question {args.subject!r} under {asked_under(rule)}, expected one of {named}; give it with --rule"
        )
    return own[rule]


def run_replay(args: argparse.Namespace) -> int:
    """Save hindcasts and resolve them."""
    from models.record.store import Record
    from models.track.doubt import doubtful_events
    from models.track.replay import append, read_archive

    past = _refitted(args) if args.refit else {year: (snapshot, {}) for year, snapshot in read_archive().items()}
    with Record.open(args.record) as record:
        evidence = args.context.evidence()
        saved, resolved = append(record, past, evidence, doubtful_events(), lambda *step: note(step[2]))
    values = {"saved": saved, "resolved": resolved}
    return answer(args, values, f"{saved} hindcasts saved, {resolved} questions resolved.")


def _refitted(args: argparse.Namespace) -> Mapping[int, tuple[Snapshot, Files]]:
    """Fit what is not on the shelf, rewrite the archive, and give snapshots with their inputs."""
    from models.storage.tasks import run_all
    from models.track.replay import replayed, write_archive
    from models.track.replay_fits import InputsShelf, replay_tasks, run_replay

    tasks = replay_tasks(args.context.evidence())
    on_done = progress_of(lambda task: f"Fitted the end of {task.origin}.")
    with workers(args) as executor:
        fitted = run_all(tasks, InputsShelf(folder=work_folder(args, "replay")), executor, run_replay, on_done)
    by_year = {task.origin: inputs for task, inputs in zip(tasks, fitted, strict=True)}
    size = write_archive({year: replayed(inputs, light=True) for year, inputs in by_year.items()})
    note(f"Wrote the archive: {size} bytes.")
    return {year: (replayed(inputs), inputs) for year, inputs in by_year.items()}


_SHOWN = ("status", "outcome", "note", "events")
