"""`python -m models calibrate`: does every model recover what it simulates, and would we notice if it did not?"""

import argparse
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from data.digest import Fields
from data.types import Evidence
from models.commands.options.line import Parsers, command
from models.commands.options.runs import (
    add_tables,
    add_workers,
    archive,
    make_folder,
    package_versions,
    progress_of,
    today,
    work_folder,
    workers,
)
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3

CALIBRATE = """\
Simulation-based calibration: parameters are drawn from each model's prior, a ledger like the real one is simulated and
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


def add(commands: Parsers) -> None:
    """Add the command."""
    text = "simulate histories, refit them, rank the truth"
    parser = command(commands, "calibrate", text, run_calibrate, description=CALIBRATE)
    parser.add_argument("--model", metavar="M", nargs="+", choices=SHORT, default=list(SHORT), help="m0 m1 m2 m3 (all)")
    number = f"a model ({SIMULATIONS}; m0, which is exact, {EXACT_SIMULATIONS})"
    parser.add_argument("--simulations", metavar="N", type=int, help=number)
    parser.add_argument("--seed", metavar="N", type=int, help="seed of the simulations and of their fits")
    parser.add_argument("--wrong", action="store_true", help="count the data twice in every refit: must be caught")
    add_tables(parser, Path("docs") / "calibration")
    add_workers(parser)


def run_calibrate(args: argparse.Namespace) -> int:
    """Simulate, refit, rank, archive; 1 when a model's ranks are not uniform."""
    from models.calibration.ranks import summary
    from models.calibration.study import SEED, run_study, study_tables, tasks_of, verdicts

    evidence = args.context.evidence()
    seed = SEED if args.seed is None else args.seed
    model_ids = [SHORT[name] for name in dict.fromkeys(args.model)]
    counts = {model: _simulations(args.simulations, model) for model in model_ids}
    tasks = [task for model, count in counts.items() for task in tasks_of(evidence, [model], count, seed, args.wrong)]
    make_folder(args.out)
    on_done = progress_of(lambda task: f"Refitted {task.model_id}, simulation {task.number}.")
    with workers(args) as executor:
        ranks, fits = run_study(tasks, work_folder(args, "calibration"), executor, on_done)
    tables = study_tables(ranks, fits)
    whole = verdicts(tables["summary"], fits)
    first = verdicts(summary(ranks[ranks["simulation"] < SIMULATIONS]), fits[fits["simulation"] < SIMULATIONS])
    both = {"verdicts": whole, "verdicts_of_the_first_200": first}
    archive(args.out, {**_about(evidence, seed), "simulations": counts, "wrong": args.wrong, **both}, tables)
    for verdict in whole:
        _print_verdict(verdict, tables["summary"])
    return int(not all(verdict["passed"] for verdict in whole))


def _simulations(number: int | None, model_id: str) -> int:
    return number if number is not None else EXACT_SIMULATIONS if model_id == MODEL_M0 else SIMULATIONS


def _about(evidence: Evidence, seed: int) -> Fields:
    from models.calibration.ranks import COVERAGE, DRAWS
    from models.calibration.study import LONGER, MISTAKES, SAMPLER, VERSION
    from models.library.structures import STRUCTURE_DIGESTS
    from models.outcome.rule import RULE

    return {
        "made": today(),
        "study": VERSION,
        "evidence": evidence.digest,
        "rule": RULE.digest,
        "structures": dict(STRUCTURE_DIGESTS),
        "seed": seed,
        "draws": DRAWS,
        "band": COVERAGE,
        "sampler": [dict(SAMPLER), dict(LONGER)],
        "mistakes": dict(MISTAKES),
        "versions": package_versions(),
    }


def _print_verdict(verdict: Fields, table: pd.DataFrame) -> None:
    """Print a verdict, the quantities outside below it."""
    word = "passed" if verdict["passed"] else "FAILED"
    print(
        f"{word} {verdict['model_id']}: {verdict['outside']} of {verdict['quantities']} quantities outside the band "
        f"({verdict['allowed']} allowed); {verdict['sampled_again']} refits sampled again, "
        f"{verdict['not_mixed']} of them still not mixed"
    )
    for row in table[(table["model_id"] == verdict["model_id"]) & ~table["inside"].astype(bool)].itertuples():
        print(f"  {row.quantity}: {row.largest_deviation:+.3f} ({row.allowed:.3f} allowed), chance {row.chance:.2g}")
