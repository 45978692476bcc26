"""`python -m models record`: save forecasts for good, find them again, and check that nothing was altered.

SQLAlchemy is loaded only once one of the actions runs.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from models.commands.actions.published import add_published
from models.commands.actions.record_check import VERIFY, opened, progress, run_guard, run_head, run_verify
from models.commands.options.asking import add_asking, chosen_asking
from models.commands.options.line import (
    Parsers,
    Run,
    actions,
    add_force,
    add_json,
    add_out,
    add_record,
    answer,
    command,
    note,
    require_new_zip,
)
from models.commands.options.present import present
from models.commands.options.settings import SETTINGS_HELP, add_library, add_settings
from models.record.bodies import plain
from models.record.entries import HINDCAST, LIVE, Draft
from models.storage.disk import write_atomically
from models.text.output import print_json

if TYPE_CHECKING:
    from models.record.listing import Listing

DESCRIPTION = """\
Every saved forecast goes into a record to which entries are only ever added. Each entry names the digest of the one
before, so that an altered, removed or inserted one is found and named by `verify`.

The record is the file record.db in this user's folder; --record or CONJUNCTION_RECORD names another file or a team's
PostgreSQL database (postgresql://user@host/database).
"""
EXAMPLES = """\
examples:
  python -m models record save --name "October view" --author "A. Reader"
  python -m models record save --name "Harder sanctions" --author "A. Reader" --set C01=1.8 --reason C01="they bite"
  python -m models record list --changed C01
  python -m models record get 1f3a9c --out october.zip
  python -m models record verify --head 1f3a9c0b7d22
  python -m models record published                the project's own forecasts
"""


def add(commands: Parsers) -> None:
    """Add the actions."""
    more = {"description": DESCRIPTION, "epilog": EXAMPLES}
    group = actions(command(commands, "record", "save, list, check saved forecasts", **more))
    _add_saving(_action(group, "save", run_save, "save a forecast for good", "the entry"))
    _add_filter(_action(group, "list", run_list, "list saved forecasts, the newest first", "the list"))
    show = _action(group, "show", run_show, "print one saved forecast and what was said about it", "the entry")
    show.add_argument("entry", metavar="ENTRY")
    text = "say something about a saved forecast, or give it another name"
    remark = _add_entry(_action(group, "remark", run_remark, text, "the remark"))
    remark.add_argument("--author", required=True)
    remark.add_argument("--text", default="")
    remark.add_argument("--name", default="", help="show it under this name from now on")
    add_out(_add_entry(_action(group, "get", run_get, "write a saved forecast as a snapshot's zip, with charts")))
    check = _action(group, "verify", run_verify, "check that nothing was altered", "the damages", VERIFY)
    check.add_argument("--head", metavar="DIGEST", default="", help="a head that was noted earlier")
    text = "an exported copy, all of whose entries must be in the record"
    check.add_argument("--against", metavar="FILE", type=Path, help=text)
    check.add_argument("--feed", metavar="FILE", type=Path, help="a feed of this record that was kept")
    _action(group, "guard", run_guard, "put back the database's guards against changes, where `verify` misses one")
    add_published(group)
    newest = _action(group, "head", run_head, "print number and digest of the newest entry, to be noted elsewhere")
    text = "take it for the head that was last seen here, where entries are missing and that was meant"
    newest.add_argument("--accept", action="store_true", help=text)
    whole = _action(group, "export", run_export, "write the whole record to one file")
    whole.add_argument("file", metavar="FILE", type=Path, help="ending in .zip")
    add_force(whole)
    text = "add an exported record to an empty one, or what is new in it to an older copy"
    copy = _action(group, "import", run_import, text)
    copy.add_argument("file", metavar="FILE", type=Path)
    copy.add_argument("--dry-run", action="store_true", help="say what would be added and add nothing")


def _action(
    group: Parsers, name: str, run: Run, text: str, answers: str = "", description: str = ""
) -> argparse.ArgumentParser:
    """An action on one record; what it answers can be printed for programs."""
    parser = command(group, name, text, run, description=description or text)
    add_record(parser)
    if answers:
        add_json(parser, answers)
    return parser


def _add_entry(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("entry", metavar="ENTRY", help="at least six digits of its digest")
    return parser


def _add_filter(parser: argparse.ArgumentParser) -> None:
    for option, what in (("author", "this author"), ("text", "these words in name, note, reasons or remarks")):
        parser.add_argument(f"--{option}", default="", help=f"only those with {what}")
    parser.add_argument("--kind", choices=("live", "hindcast"), default="", help="only those of this kind")
    parser.add_argument("--changed", metavar="KEY", default="", help="only those that moved this assumption")


def _add_saving(save: argparse.ArgumentParser) -> None:
    save.epilog = SETTINGS_HELP + "  Every assumption that is moved needs its --reason."
    save.add_argument("--name", required=True, help="what to call it, one line")
    save.add_argument("--author", required=True)
    save.add_argument("--note", default="")
    save.add_argument("--parent", metavar="ENTRY", default="", help="the saved forecast that it builds on")
    save.add_argument("--hindcast", action="store_true", help="it was drawn after the fact: never score it as live")
    save.add_argument("--light", action="store_true", help="without the draws: some kB, but cannot be recomputed alone")
    add_asking(save)
    add_settings(save)
    add_library(save)


def run_save(args: argparse.Namespace) -> int:
    """Save a forecast."""
    from models.change.side import Side
    from models.track.beside import default_beside

    asking = chosen_asking(args)
    drawn = present(args)
    inputs = {} if args.light else drawn.inputs()
    snapshot = drawn.snapshot(inputs, asking)
    default = default_beside(Side(snapshot=snapshot, evidence=drawn.evidence, library=drawn.library))
    kind = HINDCAST if args.hindcast else LIVE
    with opened(args) as record:
        parent = record.find(args.parent).digest if args.parent else ""
        draft = Draft(name=args.name, author=args.author, note=args.note, kind=kind, parent=parent)
        saved = record.save(draft, snapshot, inputs, default)
    answer(args, plain(saved), f"Saved as entry {saved.sequence}, {saved.digest}")
    if saved.time_doubt:
        note(
            f"This computer's clock claims {saved.saved_at:%Y-%m-%d %H:%M} (UTC), but {saved.time_doubt}: it counts as "
            "a hindcast until saves on other days bear it out. Set the clock right if it is wrong."
        )
    return 0


def run_list(args: argparse.Namespace) -> int:
    """List forecasts."""
    from models.answers.saved import chosen, rows
    from models.record.listing import Filter, forecast_line

    wanted = Filter(author=args.author, kind=args.kind, text=args.text, changed=args.changed)
    listing = _listing(args)
    forecasts = listing.forecasts
    found = chosen(listing, wanted)
    if args.json:
        print_json(rows(listing, found))
    elif found:
        print("\n".join(forecast_line(saved, listing.names[saved.digest]) for saved in found))
    else:
        note("Nothing is saved here." if not forecasts else f"None of {len(forecasts)} saved forecasts is like that.")
    return _damage_told(listing)


def run_show(args: argparse.Namespace) -> int:
    """Print one forecast."""
    from models.answers.saved import entry
    from models.record.listing import forecast_text

    with opened(args) as record:
        saved = record.find(args.entry)
    listing = _listing(args)
    remarks = listing.remarks.get(saved.digest, ())
    answer(args, entry(listing, saved), forecast_text(saved, listing.names[saved.digest], remarks))
    return _damage_told(listing)


def run_remark(args: argparse.Namespace) -> int:
    """Add a remark."""
    with opened(args) as record:
        remark = record.remark(record.find(args.entry).digest, args.author, args.text, args.name)
    return answer(args, plain(remark), f"Added as entry {remark.sequence}, {remark.digest}")


def run_get(args: argparse.Namespace) -> int:
    """Write a saved forecast's zip."""
    from models.record.drawn import charts_of

    require_new_zip(args.out, args.force)
    with opened(args) as record:
        saved = record.find(args.entry)
        charts, missing = charts_of(record, saved, args.context.library, args.context.declared)
        content = record.archive(saved, charts)
    if missing:
        note(missing)
    write_atomically(args.out, content)
    print(f"Wrote {args.out.name}: {len(content)} bytes, entry {saved.sequence}, {saved.digest[:12]}")
    return 0


def run_export(args: argparse.Namespace) -> int:
    """Write the whole record."""
    from models.record.transfer import export_record

    require_new_zip(args.file, args.force)
    with opened(args) as record:
        sequence, head = export_record(record, args.file, progress)
    print(f"Wrote {args.file.name}: {args.file.stat().st_size} bytes, entries: {sequence}, head: {head}")
    return 0


def run_import(args: argparse.Namespace) -> int:
    """Add an exported record."""
    from models.record.file import RecordFile
    from models.record.transfer import import_record, planned

    with opened(args) as record:
        if args.dry_run:
            with RecordFile(args.file) as source:
                plan = planned(record, source, progress)
        else:
            plan = import_record(record, args.file, progress)
    added = "Would be added" if args.dry_run else "Added"
    print(f"{added}: {plan.added} (forecasts: {len(plan.forecasts)}); here before: {plan.present}; head: {plan.head}")
    return 0


def _listing(args: argparse.Namespace) -> Listing:
    from models.record.listing import read_listing

    with opened(args) as record:
        return read_listing(record, record.head)


def _damage_told(listing: Listing) -> int:
    """Name what is left out; the exit code of a list that may lack something."""
    if not listing.damaged:
        return 0
    note(f"Left out: {listing.damage}. `record verify` tells more; bring the record back from an export.")
    return 1
