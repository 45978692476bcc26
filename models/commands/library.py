"""`python -m models library` and `verify-engine`: build the engine's library, and hold it against refits."""

import argparse
import contextlib
from pathlib import Path

from models.commands.options.fitting import Report, opened_progress, stop_on_signal
from models.commands.options.line import Parsers, actions, add_json, answer, command, day
from models.commands.options.runs import (
    RunProgress,
    add_workers,
    archive,
    make_folder,
    print_figures,
    progress_of,
    today,
    work_folder,
    workers,
)
from models.commands.options.settings import require_day
from models.library.checked import CHECKED, check_text
from models.storage.disk import write_atomically
from models.storage.safe_csv import plain_rows

BUILD = """\
Fit the model under every anchor's priors and pool the draws: some minutes on all cores of this machine, or on a running
Dask cluster whose workers have this project installed. Progress goes to standard error. It can be stopped at any time
(Ctrl-C, a kill): finished fits wait in the work folder and are not made again.
"""
VERIFY = """\
Fit random settings from scratch, with seeds that the library has not seen, and compare every probability with what the
engine says. Finished refits wait in the work folder; a run that was stopped goes on where it was.
"""
CHECK = """\
Fit three settings from scratch and hold the library against them (some minutes); finished refits wait in the work
folder. Until that was done for a library on its evidence, nothing that it says is called better than fair. The settings
follow from the reference date. Exit code 1 when a setting with a green badge is off by more than it may.
"""
FIT = """\
Fit all models as of any day of the ledger, with the library that moved sliders rest on and its check against refits:
some ten minutes on two cores. The page then offers that day, and `forecast --as-of` answers for it. It can be stopped
at any time (Ctrl-C, a kill): finished fits wait in the work folder, and the same command goes on from there.
"""
STUDY_CHARTS = "conjunction.studies"


def add(commands: Parsers) -> None:
    """Add both commands."""
    verbs = actions(command(commands, "library", "the engine's library of fits: build, show"), "VERB")
    add_workers(command(verbs, "build", "fit all anchors and store the library", run_build, description=BUILD))
    fit = command(verbs, "fit", "fit everything as of a day, beside the other fits", run_fit, description=FIT)
    fit.add_argument("--as-of", metavar="DATE", type=day, required=True, help="reference date")
    fit.add_argument("--progress", metavar="FILE", type=Path, help="write progress as JSON lines for a program")
    add_workers(fit)
    text = "hold the library against three refits, so that green badges may show"
    add_workers(command(verbs, "check", text, run_check, description=CHECK))
    add_json(command(verbs, "show", "list the anchors with their supports and checks", run_show), "the list")

    verify = command(commands, "verify-engine", "compare the engine with refits", run_verify, description=VERIFY)
    for kind, count, what in (("single", 40, "one knob moved"), ("triple", 30, "three"), ("all", 30, "all")):
        verify.add_argument(f"--{kind}", metavar="N", type=int, default=count, help=f"settings with {what} ({count})")
    verify.add_argument("--seed", metavar="N", type=int, help="seed of the settings and of their fits")
    verify.add_argument("--out", metavar="FOLDER", type=Path, required=True, help="where tables and figure go")
    add_workers(verify)


def run_fit(args: argparse.Namespace) -> int:
    """Fit everything as of a day; 1 when the library missed its check."""
    from models.update.day import fit_day
    from models.update.running import Worker

    require_day(args.as_of, args.context.edition)
    project = args.context.project(data=args.context.data, home=args.work)
    with contextlib.ExitStack() as stack:
        report = Report(stack.enter_context(opened_progress(args.progress)))
        cancelled = stack.enter_context(stop_on_signal(report))
        worker = Worker(workers=lambda: workers(args), today=args.context.today(), report=report, cancelled=cancelled)
        library = fit_day(project, args.as_of, worker)
        report.end("done", 1.0, "Done.")
    green = not library.unchecked
    print(f"Fits as of {args.as_of}: library {library.key[:12]}" + ("" if green else f"; {library.unchecked}"))
    return int(not green)


def run_build(args: argparse.Namespace) -> int:
    """Build and store the library of the project."""
    from models.sampling.library_build import BuildStep, build_committed

    progress = RunProgress()

    def on_step(step: BuildStep) -> None:
        progress(step.done, step.planned, step.message)

    with workers(args) as executor:
        evidence = args.context.evidence()
        target = args.context.fits(evidence.as_of)
        library = build_committed(evidence, work_folder(args, "anchors"), executor, on_step, target)
    print(f"{len(library.anchors)} anchors, {library.size} draws, library {library.key[:12]}")
    return 0


def run_check(args: argparse.Namespace) -> int:
    """Refit three settings, compare, and store the result beside the library; 1 when it was missed."""
    from models.engine_study.check import check_library
    from models.sampling.anchor_fits import fit_all

    evidence = args.context.evidence()
    library = args.context.library(evidence).doubted("")
    on_fit = progress_of(lambda task: f"Refitted {task.name}.")
    with workers(args) as executor:
        check = check_library(
            evidence, library, today(), lambda tasks: fit_all(tasks, work_folder(args, "refits"), executor, on_fit)
        )
    write_atomically(args.context.fits(evidence.as_of) / CHECKED, check_text(check))
    print(f"{'passed' if check.passed else 'FAILED'}  {check.sentence}")
    return 0 if check.passed else 1


def run_show(args: argparse.Namespace) -> int:
    """List the anchors."""
    library = args.context.library(args.context.evidence())
    names = ("name", "log_support", "efficiency", "seed")
    rows = [{name: getattr(anchor, name) for name in names} for anchor in library.anchors]
    lines = [
        f"library {library.key[:12]}: {len(rows)} anchors, {library.size} draws",
        *(
            f"{anchor.name:22} log support {anchor.log_support:7.2f}  efficiency {anchor.efficiency:.2f}"
            for anchor in library.anchors
        ),
        *(f"worst {check.name}: {check.value:.4g} ({check.threshold})" for check in library.diagnostics.checks),
    ]
    return answer(args, {"key": library.key, "draws": library.size, "anchors": rows}, "\n".join(lines))


def run_verify(args: argparse.Namespace) -> int:
    """Refit, compare, archive; 1 when an acceptance figure is missed."""
    from models.engine_study.held_out import STUDY_SEED, HeldOut
    from models.engine_study.study import run_study
    from models.sampling.anchor_fits import fit_all

    evidence = args.context.evidence()
    library = args.context.library(evidence)
    counts = {"single": args.single, "triple": args.triple, "all": args.all}
    study = HeldOut(counts=counts, seed=STUDY_SEED if args.seed is None else args.seed)
    make_folder(args.out)
    on_fit = progress_of(lambda task: f"Refitted {task.name}.")
    with workers(args) as executor:
        result = run_study(
            evidence, library, study, lambda tasks: fit_all(tasks, work_folder(args, "refits"), executor, on_fit)
        )
    about = {
        "made": today(),
        "library": library.key,
        "evidence": evidence.digest,
        "seed": study.seed,
        "figures": plain_rows(result.figures),
        "settings": result.settings,
    }
    archive(args.out, about, result.tables, "study.json")
    for name, draw in args.context.declared(STUDY_CHARTS).items():
        write_atomically(args.out / f"{name}.svg", draw(result.tables["settings"]))
    return print_figures(result.figures)
