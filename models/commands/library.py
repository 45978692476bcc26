"""`python -m models library` and `verify-engine`: build the engine's library, and hold it against refits."""

import argparse
import importlib.metadata
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from data.types import Evidence
from models.commands.options.runs import RunProgress, add_workers
from models.commands.options.settings import add_json, present_evidence
from models.library.files import committed_library
from models.library.library import Library
from models.storage.disk import explained, write_atomically
from models.storage.safe_csv import safe_csv
from models.text.output import print_json

BUILD = """\
Fit the model under every anchor's priors and pool the draws: some minutes on all cores of this machine, or on a running
Dask cluster whose workers have this project installed. Progress goes to standard error. It can be stopped at any time
(Ctrl-C, a kill): finished fits wait in the work folder and are not made again.
"""
VERIFY = """\
Fit random settings from scratch, with seeds that the library has not seen, and compare every probability with what the
engine says. Finished refits wait in the work folder; a run that was stopped goes on where it was.
"""
STUDY_CHARTS = "conjunction.studies"


def add(commands: argparse._SubParsersAction) -> None:
    """Add both commands."""
    layout = argparse.RawDescriptionHelpFormatter
    library = commands.add_parser("library", help="the engine's library of fits: build, show")
    verbs = library.add_subparsers(metavar="VERB", required=True)
    build = verbs.add_parser(
        "build", help="fit all anchors and store the library", description=BUILD, formatter_class=layout
    )
    add_workers(build)
    build.set_defaults(run=run_build)
    show = verbs.add_parser("show", help="list the anchors with their supports and checks")
    add_json(show, "the list")
    show.set_defaults(run=run_show)

    verify = commands.add_parser(
        "verify-engine", help="compare the engine with refits", description=VERIFY, formatter_class=layout
    )
    for kind, count, what in (("single", 40, "one knob moved"), ("triple", 30, "three"), ("all", 30, "all")):
        verify.add_argument(f"--{kind}", metavar="N", type=int, default=count, help=f"settings with {what} ({count})")
    verify.add_argument("--seed", metavar="N", type=int, help="seed of the settings and of their fits")
    verify.add_argument("--out", metavar="FOLDER", type=Path, required=True, help="where tables and figure go")
    add_workers(verify)
    verify.set_defaults(run=run_verify)


def run_build(args: argparse.Namespace) -> int:
    """Build and store the library of the project."""
    from models.sampling.library_build import BuildStep, build_committed
    from models.storage.tasks import workers

    progress = RunProgress()

    def on_step(step: BuildStep) -> None:
        progress(step.done, step.planned, step.message)

    with workers(args.scheduler, args.processes) as executor:
        library = build_committed(present_evidence(), args.work / "anchors", executor, on_step)
    print(f"{len(library.anchors)} anchors, {library.size} draws, library {library.key[:12]}")
    return 0


def run_show(args: argparse.Namespace) -> int:
    """List the anchors."""
    library = committed_library(present_evidence())
    rows = [
        {"name": one.name, "log_support": one.log_support, "efficiency": one.efficiency, "seed": one.seed}
        for one in library.anchors
    ]
    if args.json:
        print_json({"key": library.key, "draws": library.size, "anchors": rows})
        return 0
    print(f"library {library.key[:12]}: {len(rows)} anchors, {library.size} draws")
    for row in rows:
        print(f"{row['name']:22} log support {row['log_support']:7.2f}  efficiency {row['efficiency']:.2f}")
    for check in library.diagnostics.checks:
        print(f"worst {check.name}: {check.value:.4g} ({check.threshold})")
    return 0


def run_verify(args: argparse.Namespace) -> int:
    """Refit, compare, archive; 1 when an acceptance figure is missed."""
    from models.engine_study.held_out import STUDY_SEED, HeldOut, compare, summary
    from models.engine_study.supports import (
        compare_shifts,
        compare_supports,
        inverse_shifts,
        support_summary,
        support_tasks,
    )
    from models.sampling.anchor_fits import AnchorTask, fit_all
    from models.storage.tasks import workers

    evidence = present_evidence()
    library, progress = committed_library(evidence), RunProgress()
    study = HeldOut(
        counts={"single": args.single, "triple": args.triple, "all": args.all},
        seed=STUDY_SEED if args.seed is None else args.seed,
    )
    with explained(args.out, "written"):
        args.out.mkdir(parents=True, exist_ok=True)

    def on_fit(task: AnchorTask, done: int, planned: int) -> None:
        progress(done, planned, f"Refitted {task.name}.")

    shifts, tasks = inverse_shifts(evidence, library), study.tasks(evidence)
    more = support_tasks(evidence, shifts, study.seed)
    with workers(args.scheduler, args.processes) as executor:
        fits = fit_all((*tasks, *more), args.work / "refits", executor, on_fit)
    fits, base, there = fits[: len(tasks)], fits[len(tasks)], fits[len(tasks) + 1 :]
    cells = compare(evidence, library, tasks, fits)
    supports = compare_supports(evidence, library, base, tasks, fits)
    inverse = compare_shifts(evidence, library, shifts, there)
    table = pd.concat([summary(cells), support_summary(supports, inverse)], ignore_index=True)
    about = {**_about(evidence, library, study.seed, table), "settings": len(tasks)}
    _archive(args.out, about, {"cells": cells, "supports": supports, "inverse": inverse})
    for row in table.itertuples():
        verdict = {True: "passed", False: "FAILED"}.get(row.passed, "none")
        print(f"{verdict:7} {row.measure}: {row.value:.3g} ({row.threshold})")
    return int((table["passed"] == False).any())  # noqa: E712 (None is not a failure)


def _about(evidence: Evidence, library: Library, seed: int, table: pd.DataFrame) -> dict[str, object]:
    return {
        "made": datetime.now(UTC).date().isoformat(),
        "library": library.key,
        "evidence": evidence.digest,
        "seed": seed,
        "figures": [_plain(row) for row in table.to_dict("records")],
    }


def _archive(out: Path, about: Mapping[str, object], tables: Mapping[str, pd.DataFrame]) -> None:
    """Write what the study was about, every row, and the figure."""
    from models.engine_study.held_out import per_setting

    settings = per_setting(tables["cells"])
    write_atomically(out / "study.json", (json.dumps(about, indent=1, allow_nan=False) + "\n").encode())
    for name, table in {"settings": settings, **tables}.items():
        write_atomically(out / f"{name}.csv", safe_csv(table))
    for point in importlib.metadata.entry_points(group=STUDY_CHARTS):
        write_atomically(out / f"{point.name}.svg", point.load()(settings))


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    """A row as JSON values: what there was nothing to count for is null."""
    return {name: None if pd.isna(value) else value for name, value in row.items()}
