"""`python -m models record`: save forecasts for good, find them again, and check that nothing was altered.

SQLAlchemy is loaded only once one of the actions runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from models.commands.actions.record_check import VERIFY, opened, progress, run_guard, run_head, run_verify
from models.commands.options.settings import (
    SETTINGS_HELP,
    add_json,
    add_library,
    add_settings,
    chosen_assumptions,
    chosen_library,
    note,
    warn,
)
from models.errors import RecordError
from models.forecast.results import make_forecast
from models.snapshot.archive import SUFFIX
from models.snapshot.inputs import inputs_of
from models.snapshot.value import build_snapshot
from models.storage.disk import write_atomically
from models.text.output import print_json

if TYPE_CHECKING:
    from models.record.entries import Remark, SavedForecast
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
"""
MEANT = {"list": "the list", "save": "the entry", "show": "the entry", "remark": "the remark", "verify": "the damages"}


def add(commands: argparse._SubParsersAction) -> None:
    """Add the actions."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser(
        "record",
        help="save, list, check saved forecasts",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=layout,
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)

    def action(name: str, run: object, text: str, description: str | None = None) -> argparse.ArgumentParser:
        one = actions.add_parser(name, help=text, description=description or text, formatter_class=layout)
        one.add_argument("--record", metavar="URL", help="another record: a file, or postgresql://user@host/database")
        if name in MEANT:
            add_json(one, MEANT[name])
        one.set_defaults(run=run)
        return one

    _add_saving(action("save", run_save, "save a forecast for good"))
    listed = action("list", run_list, "list saved forecasts, the newest first")
    for option, what in (("author", "this author"), ("text", "these words in name, note, reasons or remarks")):
        listed.add_argument(f"--{option}", default="", help=f"only those with {what}")
    listed.add_argument("--kind", choices=("live", "hindcast"), default="", help="only those of this kind")
    listed.add_argument("--changed", metavar="KEY", default="", help="only those that moved this assumption")
    action("show", run_show, "print one saved forecast and what was said about it").add_argument(
        "entry", metavar="ENTRY"
    )
    remark = action("remark", run_remark, "say something about a saved forecast, or give it another name")
    remark.add_argument("entry", metavar="ENTRY", help="at least six digits of its digest")
    remark.add_argument("--author", required=True)
    remark.add_argument("--text", default="")
    remark.add_argument("--name", default="", help="show it under this name from now on")
    got = action("get", run_get, "write a saved forecast as a snapshot's zip, with charts")
    got.add_argument("entry", metavar="ENTRY", help="at least six digits of its digest")
    got.add_argument("--out", metavar="FILE", type=Path, required=True, help="where to write, ending in .zip")
    got.add_argument("--force", action="store_true", help="replace the file if it exists")
    checked = action("verify", run_verify, "check that nothing was altered", VERIFY)
    checked.add_argument("--head", metavar="DIGEST", default="", help="a head that was noted earlier")
    action("guard", run_guard, "put back the database's guards against changes, where `verify` misses one")
    action("head", run_head, "print number and digest of the newest entry, to be noted elsewhere")
    out = action("export", run_export, "write the whole record to one file")
    out.add_argument("file", metavar="FILE", type=Path, help="ending in .zip")
    out.add_argument("--force", action="store_true", help="replace the file if it exists")
    into = action("import", run_import, "add an exported record to an empty one, or what is new in it to an older copy")
    into.add_argument("file", metavar="FILE", type=Path)
    into.add_argument("--dry-run", action="store_true", help="say what would be added and add nothing")


def _add_saving(save: argparse.ArgumentParser) -> None:
    save.epilog = SETTINGS_HELP + "  Every assumption that is moved needs its --reason."
    save.add_argument("--name", required=True, help="what to call it, one line")
    save.add_argument("--author", required=True)
    save.add_argument("--note", default="")
    save.add_argument("--parent", metavar="ENTRY", default="", help="the saved forecast that it grew from")
    save.add_argument("--hindcast", action="store_true", help="it was drawn after the fact: never score it as live")
    save.add_argument("--light", action="store_true", help="without the draws: some kB, but cannot be recomputed alone")
    add_settings(save)
    add_library(save)


def run_save(args: argparse.Namespace) -> int:
    """Save a forecast."""
    from models.change.side import Side
    from models.record.beside import default_beside
    from models.record.entries import HINDCAST, LIVE, Draft

    evidence, library = chosen_library(args)
    assumptions = chosen_assumptions(args, evidence.claims)
    forecast = make_forecast(evidence, library, assumptions)
    warn(library, forecast)
    inputs = {} if args.light else inputs_of(evidence, library)
    snapshot = build_snapshot(evidence, library, forecast, assumptions, inputs)
    default = default_beside(Side(snapshot=snapshot, evidence=evidence, library=library))
    kind = HINDCAST if args.hindcast else LIVE
    with opened(args) as record:
        parent = record.find(args.parent).digest if args.parent else ""
        draft = Draft(name=args.name, author=args.author, note=args.note, kind=kind, parent=parent)
        saved = record.save(draft, snapshot, inputs, default)
    if args.json:
        print_json(_plain(saved))
    else:
        print(f"Saved as entry {saved.sequence}, {saved.digest}")
    if saved.time_doubt:
        note(
            f"This computer's clock claims {saved.saved_at:%Y-%m-%d %H:%M} (UTC), but {saved.time_doubt}: it counts as "
            "a hindcast until saves on other days bear it out. Set the clock right if it is wrong."
        )
    return 0


def run_list(args: argparse.Namespace) -> int:
    """List forecasts."""
    from models.record.listing import Filter, forecast_line

    chosen = Filter(author=args.author, kind=args.kind, text=args.text, changed=args.changed)
    listing = _listing(args)
    forecasts, names = listing.forecasts, listing.names
    found = [one for one in forecasts if chosen.matches(one, names[one.digest], listing.remarks.get(one.digest, ()))]
    if args.json:
        print_json([_plain(one) | {"shown_name": names[one.digest]} for one in found])
    elif found:
        print("\n".join(forecast_line(one, names[one.digest]) for one in found))
    else:
        note("Nothing is saved here." if not forecasts else f"None of {len(forecasts)} saved forecasts is like that.")
    return _damage_told(listing)


def run_show(args: argparse.Namespace) -> int:
    """Print one forecast."""
    from models.record.listing import forecast_text

    with opened(args) as record:
        saved = record.find(args.entry)
    listing = _listing(args)
    remarks = listing.remarks.get(saved.digest, ())
    if args.json:
        print_json({"forecast": _plain(saved), "remarks": [_plain(one) for one in remarks]})
    else:
        print(forecast_text(saved, listing.names[saved.digest], remarks))
    return _damage_told(listing)


def run_remark(args: argparse.Namespace) -> int:
    """Add a remark."""
    with opened(args) as record:
        made = record.remark(record.find(args.entry).digest, args.author, args.text, args.name)
    if args.json:
        print_json(_plain(made))
    else:
        print(f"Added as entry {made.sequence}, {made.digest}")
    return 0


def run_get(args: argparse.Namespace) -> int:
    """Write a saved forecast's zip."""
    from models.record.drawn import charts_of

    _require_new(args.out, args.force)
    with opened(args) as record:
        saved = record.find(args.entry)
        charts, missing = charts_of(record, saved)
        content = record.archive(saved, charts)
    if missing:
        note(missing)
    write_atomically(args.out, content)
    print(f"Wrote {args.out.name}: {len(content)} bytes, entry {saved.sequence}, {saved.digest[:12]}")
    return 0


def run_export(args: argparse.Namespace) -> int:
    """Write the whole record."""
    from models.record.transfer import export_record

    _require_new(args.file, args.force)
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


def _require_new(path: Path, force: bool) -> None:
    if path.suffix != SUFFIX:
        raise RecordError(f"got {path.name}, expected a name that ends in {SUFFIX}; rename it")
    if path.exists() and not force:
        raise RecordError(f"{path.name} exists already; choose another name, or replace it with --force")


def _plain(value: SavedForecast | Remark) -> Mapping[str, object]:
    """An entry as JSON values."""
    from models.record.bodies import plain

    return plain(value)
