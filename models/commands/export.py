"""`python -m models export`: forecasts, draws and evidence in formats that other programs read, and hubs read back."""

import argparse
from collections.abc import Callable
from pathlib import Path

from data.days import last_whole_year
from data.load import load_evidence
from data.package import DESCRIPTOR, descriptor_bytes
from models.answers.evidence import package_zip
from models.commands.options.line import Parsers, Run, actions, add_json, command, note
from models.commands.options.runs import RunProgress
from models.commands.options.settings import SETTINGS_HELP
from models.commands.options.sources import add_sources, answers, drawn, only, sources
from models.errors import FormatError
from models.formats.folder import write_folder
from models.formats.hubverse import FORMATS, Submission, hub_files
from models.formats.hubverse_config import REPOSITORY
from models.formats.hubverse_target import years_after
from models.measures.structure import ALIGNMENT
from models.outcome.rule import resolve_history
from models.storage.declared import Declarations, declared, renderer
from models.storage.disk import Files, write_atomically
from models.storage.safe_csv import safe_csv
from models.storage.zips import zipped
from models.text.output import print_file, print_json

REPORTS = "conjunction.reports"
"""Entry-point group of who lays reports out: `models` may not import `dashboard` (decision 0004)."""
DESCRIPTION = """\
Write a forecast, its draws or the evidence in a format that other programs read (docs/formats.md), and read hubs back.
"""
EXAMPLES = """\
examples:
  python -m models export hub --out hub                     today's forecast as a hub folder
  python -m models export hub --out hub.zip --all --format parquet
  python -m models export report --out report.pdf --preset sceptic
  python -m models export report --out report --from forecast.zip      (report.pdf and report.html)
  python -m models export netcdf --out draws.nc --set C01=1.8
  python -m models export evidence --out evidence.zip
  python -m models export read-hub hub --scores --json
"""
READ_HELP = """\
Check a hub folder against the hubs' rules and print its forecasts as one results table, or what they scored. Files of
other teams that answer the same tasks (<date>-<team>-<model>.csv or .parquet) may be given as comparisons.
"""
STEP = 50


def add(commands: Parsers) -> None:
    """Add the actions."""
    more = {"description": DESCRIPTION, "epilog": EXAMPLES}
    formats = actions(command(commands, "export", "hub tables, report, draws, evidence", **more), "FORMAT")

    def action(name: str, run: Run, text: str, out: str = "") -> argparse.ArgumentParser:
        parser = command(formats, name, text, run, description=text, epilog=SETTINGS_HELP + "\n" + EXAMPLES)
        if out:
            parser.add_argument("--out", metavar="PATH", type=Path, required=True, help=out)
            parser.add_argument("--force", action="store_true", help="replace a file that is there")
        return parser

    hub = action("hub", run_hub, "a hub of forecasts: tables, tasks and target data", "a new folder, or a name in .zip")
    hub.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="of the tables (default: csv)")
    hub.add_argument("--repository", metavar="OWNER/NAME", default=REPOSITORY, help=f"on GitHub ({REPOSITORY})")
    add_sources(hub, several=True)
    report = action("report", run_report, "one page as PDF and HTML", "a name in .pdf or .html, or a folder for both")
    add_sources(report, several=False)
    netcdf = action("netcdf", run_netcdf, "the draws as an ArviZ DataTree", "a name in .nc")
    add_sources(netcdf, several=False)
    action("evidence", run_evidence, "the evidence as a data package", f"a name in .zip, or {DESCRIPTOR}")
    _add_reading(action("read-hub", run_read, READ_HELP))


def _add_reading(read: argparse.ArgumentParser) -> None:
    read.add_argument("hub", metavar="FOLDER", type=Path)
    read.add_argument("--outside", metavar="FILE", type=Path, action="append", default=[], help="another team's table")
    read.add_argument("--scores", action="store_true", help="print scores of what is resolved instead of forecasts")
    add_json(read, "the rows")


def run_hub(args: argparse.Namespace) -> int:
    """Write a hub."""
    from models.track.resolution import past_answers, settled_labels  # SQLAlchemy is loaded only where it is needed

    _require_new(args.out, args.force)
    progress = RunProgress()
    chosen = sources(args, lambda done, of, text: progress(done, of, text) if done % STEP == 0 else None)
    submissions = [Submission(snapshot=each.snapshot, kind=each.kind, saved_at=each.saved_at) for each in chosen]
    evidence = load_evidence()
    labels = resolve_history(evidence.events, ALIGNMENT.first_year, last_whole_year(evidence.as_of))
    years = years_after(evidence, (one.snapshot.reference_date for one in submissions))
    settled = settled_labels(labels, answers(args))
    files = hub_files(submissions, settled, args.format, args.repository, years, past_answers(evidence, answers(args)))
    if args.out.suffix == ".zip":
        write_atomically(args.out, zipped(files))
    else:
        write_folder(args.out, files)
    note(f"Wrote {args.out.name}: {len(files)} files, forecasts: {len(submissions)}.")
    return 0


def run_report(args: argparse.Namespace) -> int:
    """Write the report."""
    _require_new(args.out, args.force)
    if args.out.suffix not in ("", ".pdf", ".html"):
        raise FormatError(f"got --out {args.out.name}, expected a name in .pdf or .html, or a folder; rename it")
    source = only(args)
    files = report_renderer(args.context.declared)(source.snapshot, load_evidence().claims, source.saved)
    if args.out.suffix:
        write_atomically(args.out, files[f"report{args.out.suffix}"])
    else:
        write_folder(args.out, files)
    note(f"Wrote {args.out.name}.")
    return 0


def run_netcdf(args: argparse.Namespace) -> int:
    """Write the draws."""
    from models.formats.netcdf import draws_netcdf  # xarray's writers are slow to load

    if args.out.suffix != ".nc":
        raise FormatError(f"got --out {args.out.name}, expected a name in .nc; rename it")
    _require_new(args.out, args.force)
    forecast = drawn(args)
    fit = _fit(args, forecast.evidence)
    content = draws_netcdf(forecast.evidence, forecast.library, forecast.forecast, fit)
    write_atomically(args.out, content)
    note(f"Wrote {args.out.name}: {len(content)} bytes.")
    return 0


def run_evidence(args: argparse.Namespace) -> int:
    """Write the data package, or its descriptor alone."""
    _require_new(args.out, args.force)
    if args.out.suffix == ".zip":
        write_atomically(args.out, package_zip())
    elif args.out.suffix == ".json":
        write_atomically(args.out, descriptor_bytes())
    else:
        raise FormatError(f"got --out {args.out.name}, expected a name in .zip or .json; rename it")
    note(f"Wrote {args.out.name}.")
    return 0


def run_read(args: argparse.Namespace) -> int:
    """Print a hub's forecasts, or their scores."""
    from models.formats.hubverse_read import read_hub, score, with_outside

    hub = with_outside(read_hub(args.hub), args.outside)
    for finding in hub.notices:
        note(f"Warning: {finding.place}: {finding.rule}: {finding.detail}.")
    table = score(hub) if args.scores else hub.table
    if args.json:
        print_json(table.to_dict("records"))
    else:
        print_file(safe_csv(table))
    return 0


def report_renderer(
    declarations: Declarations = declared,
) -> Callable[..., Files]:
    """The function that lays a report out, as the installed package declares it.

    Raises
    ------
    FormatError
        No package declares one.
    """
    return renderer(declarations(REPORTS), f"reports ({REPORTS})", FormatError)


def _fit(args: argparse.Namespace, evidence: object) -> object | None:
    """The chains behind the draws: those of the folder that was given, or the base case's if it is of this evidence."""
    from models.fits.alignment_fit import load_fit

    fit = load_fit(args.fit or args.context.fits(evidence.as_of))
    return fit if fit.evidence_digest == evidence.digest else None


def _require_new(path: Path, force: bool) -> None:
    if path.is_file() and not force:
        raise FormatError(f"{path.name} exists already; choose another name, or replace it with --force")
