"""`python -m models snapshot export|show|compare`: a forecast as a file, and what became of it."""

import argparse
import hashlib
import importlib.metadata
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from data.types import Evidence
from models.command_forecast import warn
from models.command_settings import (
    SETTINGS_HELP,
    add_json,
    add_library,
    add_settings,
    chosen_assumptions,
    chosen_library,
    print_json,
    read_snapshot_file,
    restored,
)
from models.errors import SnapshotError
from models.files import write_atomically
from models.forecast import Forecast, make_forecast
from models.library import Library
from models.names import MODEL_MIXTURE, PMF
from models.snapshot import Snapshot, build_snapshot
from models.snapshot_archive import SUFFIX, snapshot_bytes
from models.snapshot_compare import Comparison, compare

type Charts = Callable[[Evidence, Library, Forecast], Mapping[str, bytes]]

CHARTS = "conjunction.charts"
"""Entry-point group under which the package says who draws: `models` may not import `dashboard` (decision 0004)."""
EXPORT_DESCRIPTION = """\
Write a forecast as one zip: snapshot.json (everything), forecast.csv (the results table), charts as PNG and SVG, the
schema, a README and a MANIFEST of SHA-256 sums. The page exports the same bytes for the same settings.
"""
EXPORT_EXAMPLES = """\
examples:
  python -m models snapshot export --out forecast.zip
  python -m models snapshot export --out sceptic.zip --preset sceptic
  python -m models snapshot export --out again.zip --snapshot forecast.zip
"""
COMPARE_DESCRIPTION = """\
Compare two snapshots, or one with the numbers that its settings give today: which probabilities moved by more than four
combined Monte Carlo standard errors, and what changed (ledger rows, indicators, claims, rule, model, assumptions,
library, packages).
"""


def add(commands: argparse._SubParsersAction) -> None:
    """Add the three actions."""
    layout = argparse.RawDescriptionHelpFormatter
    snapshot = commands.add_parser("snapshot", help="export, show or compare a forecast as a file")
    actions = snapshot.add_subparsers(metavar="ACTION", required=True)
    export = actions.add_parser(
        "export",
        help="write a zip",
        description=EXPORT_DESCRIPTION,
        epilog=SETTINGS_HELP + "\n" + EXPORT_EXAMPLES,
        formatter_class=layout,
    )
    export.add_argument("--out", metavar="FILE", type=Path, required=True, help="where to write, ending in .zip")
    export.add_argument("--force", action="store_true", help="replace the file if it exists")
    add_settings(export)
    add_library(export)
    add_json(export, "name, size and digests")
    export.set_defaults(run=run_export)

    show = actions.add_parser("show", help="print what a snapshot says (zip or snapshot.json)")
    show.add_argument("file", metavar="FILE", type=Path)
    add_json(show, "the document")
    show.set_defaults(run=run_show)

    comparison = actions.add_parser(
        "compare", help="explain differences", description=COMPARE_DESCRIPTION, formatter_class=layout
    )
    comparison.add_argument("old", metavar="OLD", type=Path)
    comparison.add_argument("new", metavar="NEW", type=Path, nargs="?", help="without it: the present numbers")
    add_library(comparison)
    add_json(comparison, "the comparison")
    comparison.set_defaults(run=run_compare)


def run_export(args: argparse.Namespace) -> int:
    """Write the zip."""
    if args.out.suffix != SUFFIX:
        raise SnapshotError(f"got --out {args.out.name}, expected a name that ends in {SUFFIX}; rename it")
    if args.out.exists() and not args.force:
        raise SnapshotError(f"{args.out.name} exists already; choose another name, or replace it with --force")
    draw = chart_renderer()
    evidence, library = chosen_library(args)
    assumptions = chosen_assumptions(args, evidence.claims)
    forecast = make_forecast(evidence, library, assumptions)
    warn(library, forecast)
    snapshot = build_snapshot(evidence, library, forecast, assumptions)
    content = snapshot_bytes(snapshot, draw(evidence, library, forecast))
    write_atomically(args.out, content)
    sha256 = hashlib.sha256(content).hexdigest()
    if args.json:
        print_json({"file": args.out.name, "bytes": len(content), "sha256": sha256, "snapshot_digest": snapshot.digest})
    else:
        print(f"Wrote {args.out.name}: {len(content)} bytes, SHA-256 {sha256}")
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Print a snapshot."""
    snapshot = read_snapshot_file(args.file)
    if args.json:
        sys.stdout.write(snapshot.json.decode())
    else:
        print(told(snapshot))
    return 0


def run_compare(args: argparse.Namespace) -> int:
    """Print what differs."""
    old = read_snapshot_file(args.old)
    new = read_snapshot_file(args.new) if args.new else _present(args, old)
    result = compare(old, new)
    if args.json:
        print_json(plain(result))
    else:
        print("\n".join(result.explanation))
    return 0


def chart_renderer() -> Charts:
    """The function that draws charts, as the installed package declares it.

    Raises
    ------
    SnapshotError
        No package declares one.
    """
    found = importlib.metadata.entry_points(group=CHARTS)
    if not found:
        raise SnapshotError(
            f"no package declares charts ({CHARTS}); install this one with `pip install -e .` and try again"
        )
    return next(iter(found)).load()


def plain(result: Comparison) -> dict[str, object]:
    """A comparison as JSON values."""
    changes = [
        {"kind": change.kind, "name": change.name, "old": change.old, "new": change.new, "sentence": change.sentence}
        for change in result.changes
    ]
    return {
        "same_numbers": bool(result.same_numbers),
        "explanation": list(result.explanation),
        "changes": changes,
        "rows": result.rows.to_dict("records"),
    }


def told(snapshot: Snapshot) -> str:
    """A snapshot in a page of text."""
    table = snapshot.table
    main = table[
        (table["model_id"] == MODEL_MIXTURE) & (table["output_type"] == PMF) & (table["output_type_id"] != "no")
    ]
    settings = [f"  {key} = {snapshot.assumptions.values[key]:g}" for key in snapshot.assumptions.changed]
    reasons = [f"  why {key}: {text}" for key, text in snapshot.assumptions.reasons.items()]
    rows = [
        f"  {row.target_end_date}  {row.target:22} {row.output_type_id:14} {100 * row.value:5.1f} %"
        for row in main.itertuples()
    ]
    return "\n".join(
        [
            *_made_of(snapshot),
            "Settings moved from their defaults:" if settings else "Settings: all at their defaults",
            *settings,
            *reasons,
            "Probabilities of the published mixture:",
            *rows,
        ]
    )


def _made_of(snapshot: Snapshot) -> tuple[str, ...]:
    evidence, library = snapshot.evidence, snapshot.library
    failed = [check.name for check in snapshot.diagnostics if not check.passed]
    return (
        f"Snapshot {snapshot.digest[:12]}, reference date {snapshot.reference_date}",
        f"Evidence {evidence.digest[:12]}: {len(evidence.events)} ledger rows, {len(evidence.indicators)} indicators",
        f"Rule {snapshot.rule.version}, model {snapshot.model.version}",
        f"Library {library.key[:12]}: {library.draws} draws, fits: {len(library.anchors)}",
        f"Checks: {', '.join(failed) + ' FAILED' if failed else 'all passed'}; "
        f"reliability: {snapshot.reliability.status}",
    )


def _present(args: argparse.Namespace, old: Snapshot) -> Snapshot:
    """What the old snapshot's settings give with today's evidence, rule, model and library."""
    evidence, library = chosen_library(args)
    assumptions = restored(old, evidence.claims)
    return build_snapshot(evidence, library, make_forecast(evidence, library, assumptions), assumptions)
