"""`python -m models calibrate`: does every model recover what it simulates, and would we notice if it did not?"""

import argparse
import importlib.metadata
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from data.types import Evidence
from models.commands.options.runs import RunProgress, add_workers, archive
from models.commands.options.settings import present_evidence
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3
from models.storage.disk import explained

CALIBRATE = """\
Simulation-based calibration: parameters are drawn from each model's prior, a record like the real one is simulated and
fitted, and the truth is ranked among the fit's draws. Right code ranks it anywhere equally often; each quantity's
ranks are held against a band that covers 95 % of all curves. A model fails with more than one excursion in every
started twenty quantities (exit code 1). With --wrong the refits count their data twice, and the study must fail.

Finished refits wait in the work folder; a run that was stopped goes on where it was, and one with more --simulations
keeps the first ones. Right code fails now and then (the tables say how unlikely each excursion is): give it more.
"""
SHORT: Mapping[str, str] = {"m0": MODEL_M0, "m1": MODEL_M1, "m2": MODEL_M2, "m3": MODEL_M3}
SIMULATIONS, EXACT_SIMULATIONS = 200, 4000
"""A sampled model's, and M0's, whose exact refits take two milliseconds. Its quantities hang together so much that with
200 right code has more than one excursion in twenty about a quarter of the time; both verdicts are archived."""
OUT = Path("docs") / "calibration"
VERSIONS = ("numpy", "pymc", "pytensor", "nutpie", "numba")


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser(
        "calibrate", help="simulate records, refit them, rank the truth", description=CALIBRATE, formatter_class=layout
    )
    parser.add_argument("--model", metavar="M", nargs="+", choices=SHORT, default=list(SHORT), help="m0 m1 m2 m3 (all)")
    number = f"a model ({SIMULATIONS}; m0, which is exact, {EXACT_SIMULATIONS})"
    parser.add_argument("--simulations", metavar="N", type=int, help=number)
    parser.add_argument("--seed", metavar="N", type=int, help="seed of the simulations and of their fits")
    parser.add_argument("--wrong", action="store_true", help="count the data twice in every refit: must be caught")
    parser.add_argument("--out", metavar="FOLDER", type=Path, default=OUT, help=f"where tables go ({OUT.as_posix()})")
    add_workers(parser)
    parser.set_defaults(run=run_calibrate)


def run_calibrate(args: argparse.Namespace) -> int:
    """Simulate, refit, rank, archive; 1 when a model's ranks are not uniform."""
    from models.calibration.ranks import summary
    from models.calibration.study import SEED, CalibrationTask, run_study, study_tables, tasks_of, verdicts
    from models.storage.tasks import workers

    evidence, progress = present_evidence(), RunProgress()
    seed = SEED if args.seed is None else args.seed
    model_ids = [SHORT[name] for name in dict.fromkeys(args.model)]
    counts = {one: _simulations(args.simulations, one) for one in model_ids}
    tasks = [task for one, count in counts.items() for task in tasks_of(evidence, [one], count, seed, args.wrong)]
    with explained(args.out, "written"):
        args.out.mkdir(parents=True, exist_ok=True)

    def on_done(task: CalibrationTask, done: int, planned: int) -> None:
        progress(done, planned, f"Refitted {task.model_id}, simulation {task.number}.")

    with workers(args.scheduler, args.processes) as executor:
        ranks, fits = run_study(tasks, args.work / "calibration", executor, on_done)
    tables = study_tables(ranks, fits)
    found = verdicts(tables["summary"], fits)
    first = verdicts(summary(ranks[ranks["simulation"] < SIMULATIONS]), fits[fits["simulation"] < SIMULATIONS])
    told_twice = {"verdicts": found, "verdicts_of_the_first_200": first}
    about = {**_about(evidence, seed), "simulations": counts, "wrong": args.wrong, **told_twice}
    archive(args.out, about, tables)
    for verdict in found:
        _tell(verdict, tables["summary"])
    return int(not all(verdict["passed"] for verdict in found))


def _simulations(asked: int | None, model_id: str) -> int:
    return asked if asked is not None else EXACT_SIMULATIONS if model_id == MODEL_M0 else SIMULATIONS


def _about(evidence: Evidence, seed: int) -> dict[str, object]:
    from models.calibration.ranks import COVERAGE, DRAWS
    from models.calibration.study import LONGER, MISTAKES, SAMPLER, VERSION
    from models.library.structures import STRUCTURE_DIGESTS
    from models.outcome.rule import RULE

    return {
        "made": datetime.now(UTC).date().isoformat(),
        "study": VERSION,
        "evidence": evidence.digest,
        "rule": RULE.digest,
        "structures": dict(STRUCTURE_DIGESTS),
        "seed": seed,
        "draws": DRAWS,
        "band": COVERAGE,
        "sampler": [dict(SAMPLER), dict(LONGER)],
        "mistakes": dict(MISTAKES),
        "versions": {name: importlib.metadata.version(name) for name in VERSIONS}
        | {"python": platform.python_version()},
    }


def _tell(verdict: Mapping[str, object], table: pd.DataFrame) -> None:
    """Print a verdict, the quantities outside below it."""
    word = "passed" if verdict["passed"] else "FAILED"
    print(
        f"{word} {verdict['model_id']}: {verdict['outside']} of {verdict['quantities']} quantities outside the band "
        f"({verdict['allowed']} allowed); {verdict['sampled_again']} refits sampled again, "
        f"{verdict['not_mixed']} of them still not mixed"
    )
    for row in table[(table["model_id"] == verdict["model_id"]) & ~table["inside"].astype(bool)].itertuples():
        print(f"  {row.quantity}: {row.largest_deviation:+.3f} ({row.allowed:.3f} allowed), chance {row.chance:.2g}")
