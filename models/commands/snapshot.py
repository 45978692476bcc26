"""`python -m models snapshot export|show|verify|compare`: a forecast as a file, and what became of it."""

import argparse
import hashlib
from pathlib import Path

from models.commands.actions import compare, verify
from models.commands.options.asking import add_asking, chosen_asking
from models.commands.options.line import Parsers, actions, add_json, add_out, answer, command, require_new_zip
from models.commands.options.present import present
from models.commands.options.settings import SETTINGS_HELP, add_library, add_settings, read_snapshot_file
from models.errors import SnapshotError
from models.names import MODEL_MIXTURE, PMF, STATES
from models.signposts.published import PublishedSignposts, SignpostAnswer
from models.snapshot.archive import snapshot_bytes
from models.snapshot.charts import chart_renderer
from models.snapshot.inputs import fit_in
from models.snapshot.value import Snapshot
from models.storage.disk import write_atomically
from models.text.output import print_file

EXPORT_DESCRIPTION = """\
Write a forecast as one zip: snapshot.json (everything), forecast.csv (the results table), charts as PNG and SVG, the
evidence and the draws behind every number, the schema, a README and a MANIFEST of SHA-256 sums. The page exports the
same bytes for the same settings.
"""
EXPORT_EXAMPLES = """\
examples:
  python -m models snapshot export --out forecast.zip
  python -m models snapshot export --out sceptic.zip --preset sceptic
  python -m models snapshot export --out what_if.zip --given S03=yes --do S09@2027
  python -m models snapshot export --out again.zip --snapshot forecast.zip
"""


def add(commands: Parsers) -> None:
    """Add the actions."""
    group = actions(command(commands, "snapshot", "export, show, verify or compare a forecast as a file"))
    more = {"description": EXPORT_DESCRIPTION, "epilog": SETTINGS_HELP + "\n" + EXPORT_EXAMPLES}
    export = command(group, "export", "write a zip", run_export, **more)
    add_out(export)
    light = "leave out the evidence and the draws: a tenth of the size"
    export.add_argument("--light", action="store_true", help=light)
    add_asking(export)
    add_settings(export)
    add_library(export)
    add_json(export, "name, size and digests")
    show = command(group, "show", "print what a snapshot says (zip or snapshot.json)", run_show)
    show.add_argument("file", metavar="FILE", type=Path)
    add_json(show, "the document")
    verify.add(group)
    compare.add(group)


def run_export(args: argparse.Namespace) -> int:
    """Write the zip."""
    require_new_zip(args.out, args.force, "--out ")
    draw = chart_renderer(args.context.declared)
    asking = chosen_asking(args)
    drawn = present(args)
    inputs = {} if args.light else drawn.inputs()
    if not fit_in(inputs):
        raise SnapshotError("the evidence and the draws are too large for a snapshot; export it with --light")
    snapshot = drawn.snapshot(inputs, asking)
    content = snapshot_bytes(snapshot, draw(drawn.evidence, drawn.library, drawn.forecast), inputs)
    write_atomically(args.out, content)
    sha256 = hashlib.sha256(content).hexdigest()
    values = {"file": args.out.name, "bytes": len(content), "sha256": sha256, "snapshot_digest": snapshot.digest}
    return answer(args, values, f"Wrote {args.out.name}: {len(content)} bytes, SHA-256 {sha256}")


def run_show(args: argparse.Namespace) -> int:
    """Print a snapshot."""
    snapshot = read_snapshot_file(args.file)
    if args.json:
        print_file(snapshot.json)
    else:
        print(page_text(snapshot))
    return 0


def page_text(snapshot: Snapshot) -> str:
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
            *_signposts(snapshot.signposts),
        ]
    )


def _signposts(said: PublishedSignposts | None) -> list[str]:
    """What it says of signposts."""
    if said is None:
        return ["Signposts: nothing is said of them."]
    lines = [
        f"Signposts, chance of a recorded yes; {said.expected.mean:.1f} of {said.expected.of} expected "
        f"[{said.expected.low} to {said.expected.high}]:",
        *(f"  {row.deadline}  {row.id:4} {100 * row.chance:5.1f} %" for row in said.chances),
    ]
    return [*lines, *(line for answer in said.answers for line in _what_if(answer))]


def _what_if(answer: SignpostAnswer) -> list[str]:
    observed = f"observed {', '.join(answer.pins)} (chance {100 * answer.chance:.1f} %)" if answer.pins else ""
    made = f"made to happen: {', '.join(answer.acts)}" if answer.acts else ""
    rest = "too rare to say" if answer.too_rare else f"reliability {answer.status}"
    years = [f"  year-end {place}: {_chances(row)}" for place, row in enumerate(answer.outcomes, start=1)]
    return [f"What if: {'; '.join(part for part in (observed, made, rest) if part)}", *years]


def _chances(row: tuple[float, ...]) -> str:
    return "  ".join(f"{state} {100 * p:.1f} %" for state, p in zip(STATES, row, strict=False))


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
