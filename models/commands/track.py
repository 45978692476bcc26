"""`python -m models track`: what became of saved forecasts: resolve them, score them, replay history as hindcasts."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from models.commands.options.runs import RunProgress, add_workers
from models.commands.options.settings import add_json, note, present_evidence
from models.errors import RecordError
from models.snapshot.value import Snapshot
from models.text.output import print_json

if TYPE_CHECKING:
    from models.record.listing import Listing
    from models.record.store import Record

DESCRIPTION = """\
Hold saved forecasts to account. A question stays open until its day; then it is resolved from the ledger by rule,
annulled where the rule gives no label, or disputed where rows that the ledger leaves out would change the answer, or
where a person says why. Only what is resolved is scored. Forecasts that were made before the day of their target
("live") and those drawn after the fact ("hindcast") are never mixed.
"""
REPLAY = """\
Save forecasts as of each year-end from 2005 to 2023 as hindcasts, each resolved a year later. Without --refit the
archived snapshots of docs/replay are saved, which takes seconds and leaves the draws out. With it every model is fitted
again (some minutes; finished fits wait in the work folder), so that each saved forecast can be recomputed.
"""
EXAMPLES = """\
examples:
  python -m models track resolve                what can be answered now is written down
  python -m models track resolve --dry-run      ... or only shown
  python -m models track score                  scores beside the base rate and the default
  python -m models track replay                 fill the record with the archived hindcasts
  python -m models track dispute 2026 --author Ada --reason "The deciding row was withdrawn."
  python -m models track settle 2026 --outcome strain --author Ada --reason "It was confirmed."
"""
MEANING = "Scores are penalties, lower is better: ranked probability (rps), Brier, log."


def add(commands: argparse._SubParsersAction) -> None:
    """Add the actions."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser(
        "track",
        help="resolve and score saved forecasts, replay history",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=layout,
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    resolve = actions.add_parser("resolve", help="answer the questions whose day has passed")
    resolve.add_argument("--dry-run", action="store_true", help="show what would be written, write nothing")
    score = actions.add_parser("score", help="print the scores")
    replay = actions.add_parser("replay", help="save past forecasts", description=REPLAY, formatter_class=layout)
    replay.add_argument("--refit", action="store_true", help="sample again and rewrite the archive")
    add_workers(replay)
    objection = actions.add_parser("dispute", help="object to an answer: it is not scored until it is settled")
    settlement = actions.add_parser("settle", help="answer a disputed question")
    settlement.add_argument("--outcome", required=True, help="a state (rupture to deeper), or yes or no for a signpost")
    for one in (objection, settlement):
        one.add_argument("subject", metavar="QUESTION", help="a year such as 2026, or a signpost such as S07")
        one.add_argument("--author", required=True, help="your name")
        one.add_argument("--reason", required=True, help="why; it stays in the record")
    for one, run, what in (
        (objection, run_dispute, "the resolution"),
        (settlement, run_dispute, "the resolution"),
        (resolve, run_resolve, "the resolutions"),
        (score, run_score, "the scores"),
        (replay, run_replay, "the counts"),
    ):
        one.add_argument("--record", metavar="URL", help="another record: a file, or postgresql://user@host/database")
        add_json(one, what)
        one.set_defaults(run=run)


def run_resolve(args: argparse.Namespace) -> int:
    """Write what can be answered now."""
    from models.record.store import Record
    from models.track.doubt import doubtful_events
    from models.track.resolution import due

    evidence = present_evidence()
    with Record.open(args.record) as record:
        listing = _whole(record)
        drafts = due(evidence, date.today(), listing.forecasts, listing.resolutions, doubtful_events())
        if not args.dry_run:
            for one in drafts:
                record.resolve(one)
    if args.json:
        print_json([{name: getattr(one, name) for name in ("question", "subject", *_SHOWN)} for one in drafts])
        return 0
    for one in drafts:
        print(f"{one.question:8} {one.subject:6} {one.status:9} {one.outcome:13} {one.note}")
    print(f"{len(drafts)} {'to be resolved' if args.dry_run else 'resolved'}; the ledger ends {evidence.as_of}.")
    return 0


def run_score(args: argparse.Namespace) -> int:
    """Print mean scores, live forecasts and hindcasts apart."""
    from models.record.store import Record
    from models.track.scored_table import scored_table
    from models.track.track_record import BY_VARIANT, counts, paired, summary

    with Record.open(args.record) as record:
        listing = _whole(record)
    remarks = [one for several in listing.remarks.values() for one in several]
    table = scored_table(listing.forecasts, listing.resolutions, date.today(), remarks)
    standing, scores = counts(table), summary(paired(table), BY_VARIANT)
    if args.json:
        print_json({"counts": _plain(standing), "scores": _plain(scores)})
        return 0
    for row in standing.itertuples():
        print(f"{row.mark:8} {row.status:9} {row.dates} year-ends, {row.targets} targets of {row.forecasts} forecasts")
    for row in scores.itertuples():
        print(
            f"{row.mark:8} {row.assumptions[:8]} {row.score:5} {row.ours:.3f}  base rate {row.base_rate:.3f}  "
            f"default {row.default:.3f}  against the base rate: {row.verdict_base_rate} ({row.dates} year-ends)"
        )
    print(MEANING if len(scores) else "Nothing is resolved yet, so nothing is scored.")
    return 0


def run_dispute(args: argparse.Namespace) -> int:
    """Write a person's objection, or the answer that lifts one."""
    from models.record.store import Record
    from models.track.resolution import dispute, questions, settled_again

    with Record.open(args.record) as record:
        listing = _whole(record)
        asked = {one.subject: one for one in questions(date.today(), listing.forecasts, listing.resolutions)}
        if args.subject not in asked:
            raise RecordError(f"got the question {args.subject!r}, expected one of {', '.join(asked)}; correct it")
        question, outcome = asked[args.subject], getattr(args, "outcome", "")
        if outcome:
            done = record.settle_dispute(settled_again(question, args.author, outcome, args.reason))
        else:
            done = record.resolve(dispute(question, args.author, args.reason, present_evidence()))
    if args.json:
        print_json({name: getattr(done, name) for name in ("digest", "question", "subject", *_SHOWN)})
    else:
        print(f"{question.title}: {done.status}{f', {done.outcome}' if done.outcome else ''}.")
    return 0


def run_replay(args: argparse.Namespace) -> int:
    """Save hindcasts and resolve them."""
    from models.record.store import Record
    from models.track.doubt import doubtful_events
    from models.track.replay import append, read_archive

    past = _refitted(args) if args.refit else {year: (one, {}) for year, one in read_archive().items()}
    with Record.open(args.record) as record:
        saved, resolved = append(record, past, present_evidence(), doubtful_events(), lambda *step: note(step[2]))
    if args.json:
        print_json({"saved": saved, "resolved": resolved})
    else:
        print(f"{saved} hindcasts saved, {resolved} questions resolved.")
    return 0


def _refitted(args: argparse.Namespace) -> Mapping[int, tuple[Snapshot, Mapping[str, bytes]]]:
    """Fit what is not on the shelf, rewrite the archive, and give snapshots with their inputs."""
    from models.storage.tasks import run_all, workers
    from models.track.replay import replayed, write_archive
    from models.track.replay_fits import InputsShelf, ReplayTask, replay_tasks, run_replay

    tasks, progress = replay_tasks(present_evidence()), RunProgress()

    def on_done(task: ReplayTask, done: int, planned: int) -> None:
        progress(done, planned, f"Fitted the end of {task.origin}.")

    with workers(args.scheduler, args.processes) as executor:
        inputs = run_all(tasks, InputsShelf(folder=args.work / "replay"), executor, run_replay, on_done)
    found = {task.origin: one for task, one in zip(tasks, inputs, strict=True)}
    size = write_archive({year: replayed(one, light=True) for year, one in found.items()})
    note(f"Wrote the archive: {size} bytes.")
    return {year: (replayed(one), one) for year, one in found.items()}


def _whole(record: Record) -> Listing:
    """What the record holds, of which nothing may be missing."""
    from models.record.listing import read_listing

    listing = read_listing(record, record.head)
    listing.require_whole()
    return listing


_SHOWN = ("status", "outcome", "note", "events")


def _plain(table: pd.DataFrame) -> list[dict[str, object]]:
    """Rows as JSON values; a number that cannot be known is null."""
    return [{key: None if value != value else value for key, value in row.items()} for row in table.to_dict("records")]
