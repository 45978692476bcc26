"""`python -m models fit` and `benchmark`: the commands that sample. PyMC is imported only once one of them runs."""

import argparse
import contextlib
from collections.abc import Callable
from pathlib import Path

from data.errors import ConjunctionError
from models.commands.actions.load import add_load, run_load
from models.commands.options.fitting import Report, opened_progress, stop_on_signal
from models.commands.options.line import Parsers, add_json, answer, command, day, note
from models.commands.options.settings import SETTINGS_HELP, add_settings, chosen_assumptions, require_day
from models.errors import AssumptionError, SamplerError
from models.fits.alignment_fit import AlignmentFit, save_fit
from models.storage.disk import explained

DESCRIPTION = """\
Sample the latent-alignment model and store the draws: up to two minutes of compilation the first time, then seconds.
Progress goes to standard error. Ctrl-C stops it; nothing is stored then (exit code 130).

what is stored:
  FOLDER/fit.json    the certificate: what was asked, with which seed and packages, and every acceptance check
  FOLDER/draws.npz   the draws that `forecast --fit FOLDER` and `snapshot export --fit FOLDER` read
"""
EXAMPLES = """\
examples:
  python -m models fit --out refit --preset sceptic
  python -m models fit --out fit2015 --as-of 2015-12-31
  python -m models fit --base-case          rebuild the committed fit after the evidence, rule or model changed
"""
BENCHMARK = "Measure the engine, the page, a warm refit and a plain pm.sample on this machine (some minutes)."


def add(commands: Parsers) -> None:
    """Add both commands."""
    more = {"description": DESCRIPTION, "epilog": SETTINGS_HELP + "\n" + EXAMPLES}
    parser = command(commands, "fit", "sample the model and store the draws", run_fit, **more)
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--out", metavar="FOLDER", type=Path, help="where to store the fit")
    target.add_argument("--base-case", action="store_true", help="rebuild the committed one at the defaults")
    add_settings(parser)
    parser.add_argument("--as-of", metavar="DATE", type=day, help="reference date (the newest)")
    parser.add_argument("--progress", metavar="FILE", type=Path, help="write progress as JSON lines for a program")
    for name, least, text in (
        ("chains", 2, "chains (4)"),
        ("tune", 100, "tuning steps a chain (1000)"),
        ("draws", 50, "draws a chain (1000)"),
        ("seed", 0, "seed of the sampler and of the simulated futures"),
    ):
        parser.add_argument(f"--{name}", metavar="N", type=_at_least(least), help=text)
    add_json(parser, "the certificate")

    more = {"description": BENCHMARK, "formatter_class": argparse.HelpFormatter}
    benchmark = command(commands, "benchmark", "measure how long things take here", run_benchmark_command, **more)
    benchmark.add_argument("--quick", action="store_true", help="leave out what compiles a model")
    add_load(benchmark)
    add_json(benchmark, "the table")


def run_fit(args: argparse.Namespace) -> int:
    """Fit and store."""
    with contextlib.ExitStack() as stack:
        report = Report(stack.enter_context(opened_progress(args.progress)))
        try:
            fit = _fit(args, report, stack.enter_context(stop_on_signal(report)))
            _store(fit, args)
        except (ConjunctionError, KeyboardInterrupt) as error:
            report.end("failed", 0.0, str(error) or "Stopped on request; nothing was stored.")
            raise
        report.end("done", 1.0, "Done.")
    lines = [
        f"{'passed' if check.passed else 'FAILED'}  {check.name}: {check.value:.4g} ({check.threshold})"
        for check in fit.diagnostics.checks
    ]
    values = {**fit.certificate, "key": fit.key, "passed": fit.diagnostics.passed}
    return answer(args, values, "\n".join(lines))


def run_benchmark_command(args: argparse.Namespace) -> int:
    """Print the measurements."""
    if args.visitors:
        return run_load(args)
    from models.benchmarks.engine import run_benchmark

    evidence = args.context.evidence()
    table = run_benchmark(evidence, quick=args.quick, report=lambda name: note(f"Measuring {name}."))
    lines = [f"{row.measure:34} {row.value:10.4g} {row.unit:6} {row.note}" for row in table.itertuples()]
    return answer(args, table.to_dict("records"), "\n".join(lines))


def _fit(args: argparse.Namespace, report: Report, cancelled: Callable[[], bool]) -> AlignmentFit:
    if args.as_of is not None:
        require_day(args.as_of, args.context.edition)
    evidence = args.context.evidence(args.as_of)
    assumptions = chosen_assumptions(args, evidence.claims)
    options = {name: getattr(args, name) for name in ("chains", "tune", "draws", "seed")}
    changed = {name: value for name, value in options.items() if value is not None}
    if args.base_case and (changed or args.as_of or not assumptions.is_default):
        raise AssumptionError(
            "got settings with --base-case, expected none: it is the defaults' own fit; use --out FOLDER"
        )
    note("Loading the sampler.")
    from models.sampling.fit_alignment import SamplerSettings, fit_latent_alignment

    settings = SamplerSettings(**changed)
    return fit_latent_alignment(evidence, assumptions, settings=settings, on_progress=report, cancelled=cancelled)


def _store(fit: AlignmentFit, args: argparse.Namespace) -> None:
    """Store a fit; one that failed its checks is stored with a warning, but never as the base case."""
    failed = fit.diagnostics.failures_text
    if failed and args.base_case:
        raise SamplerError(f"the fit failed its checks ({failed}); the base case stays as it was; look into the model")
    folder = args.context.fits(fit.reference_date) if args.base_case else args.out
    with explained(folder, "written"):
        save_fit(fit, folder)
    if failed:
        note(f"Warning: the fit failed its checks ({failed}); its numbers should not be published.")
    note(f"Stored the fit {fit.key[:12]} in {folder.name}/.")


def _at_least(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) < 2**31:
            raise argparse.ArgumentTypeError(f"got {text!r}, expected a whole number of at least {least}")
        return int(text)

    return read
