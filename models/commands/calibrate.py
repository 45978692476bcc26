"""`python -m models calibrate`: does every model recover what it simulates, and would we notice if it did not?"""

import argparse
from collections.abc import Mapping
from datetime import date
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
from models.errors import FitError
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3

CALIBRATE = """\
Simulation-based calibration: parameters are drawn from each model's prior, a ledger like the real one is simulated and
fitted, and the truth is ranked among the fit's draws. Right code ranks it anywhere equally often; each quantity's
ranks are held against a band that covers 95 % of all curves. A model fails with more than one excursion in every
started twenty quantities (exit code 1). With --wrong the refits count their data twice, and the study must fail.

Finished refits wait in the work folder; a run that was stopped goes on where it was, and one with more --simulations
keeps the first ones. Right code fails now and then (the tables say how unlikely each excursion is): give it more.

With --part-of-year the simulated ledgers end in the middle of their last year, and m1 and m3, which read its rows, are
asked about its end too; the tables lie in a folder below.
"""
HALF = date(2024, 7, 1)
"""At its end half of its leap year has passed, to the day."""
SHORT: Mapping[str, str] = {"m0": MODEL_M0, "m1": MODEL_M1, "m2": MODEL_M2, "m3": MODEL_M3}
READ_ROWS = ("m1", "m3")
"""Models whose fits read the rows of a year that has begun."""
BELOW = "part_of_year"
"""Folder of the tables with --part-of-year."""
SIMULATIONS, EXACT_SIMULATIONS = 200, 4000
"""A sampled model's, and M0's, whose exact refits take two milliseconds. Its quantities hang together so much that with
200 right code has more than one excursion in twenty about a quarter of the time; both verdicts are archived."""


def add(commands: Parsers) -> None:
    """Add the command."""
    text = "simulate histories, refit them, rank the truth"
    parser = command(commands, "calibrate", text, run_calibrate, description=CALIBRATE)
    parser.add_argument("--model", metavar="M", nargs="+", choices=SHORT, help="m0 m1 m2 m3 (all that it concerns)")
    number = f"a model ({SIMULATIONS}; m0, which is exact, {EXACT_SIMULATIONS})"
    parser.add_argument("--simulations", metavar="N", type=int, help=number)
    parser.add_argument("--seed", metavar="N", type=int, help="seed of the simulations and of their fits")
    parser.add_argument("--wrong", action="store_true", help="count the data twice in every refit: must be caught")
    parser.add_argument("--part-of-year", action="store_true", help="ledgers that end in the middle of a year")
    add_tables(parser, Path("docs") / "calibration")
    add_workers(parser)


def run_calibrate(args: argparse.Namespace) -> int:
    """Simulate, refit, rank, archive; 1 when a model's ranks are not uniform."""
    from models.calibration.ranks import summary
    from models.calibration.study import SEED, run_study, study_tables, tasks_of, verdicts

    evidence, part = args.context.evidence_of_whole_years(), args.part_of_year
    like, folder = (evidence.visible(HALF), args.out / BELOW) if part else (evidence, args.out)
    seed = SEED if args.seed is None else args.seed
    names = _names(args.model, part)
    counts = {SHORT[name]: _simulations(args.simulations, SHORT[name]) for name in dict.fromkeys(names)}
    tasks = [task for model, count in counts.items() for task in tasks_of(like, [model], count, seed, args.wrong)]
    make_folder(folder)
    on_done = progress_of(lambda task: f"Refitted {task.model_id}, simulation {task.number}.")
    with workers(args) as executor:
        ranks, fits = run_study(tasks, work_folder(args, "calibration"), executor, on_done)
    tables = study_tables(ranks, fits)
    whole = verdicts(tables["summary"], fits)
    first = verdicts(summary(ranks[ranks["simulation"] < SIMULATIONS]), fits[fits["simulation"] < SIMULATIONS])
    both = {"verdicts": whole, "verdicts_of_the_first_200": first}
    asked = {"simulations": counts, "wrong": args.wrong, **(_part() if part else {})}
    archive(folder, {**_about(evidence, seed), **asked, **both}, tables)
    for verdict in whole:
        _print_verdict(verdict, tables["summary"])
    return int(not all(verdict["passed"] for verdict in whole))


def _names(asked: list[str] | None, part: bool) -> tuple[str, ...]:
    """Short names of the models to ask.

    Raises
    ------
    FitError
        One of them reads no rows of a year that has begun.
    """
    concerned = READ_ROWS if part else tuple(SHORT)
    if others := [name for name in asked or () if name not in concerned]:
        raise FitError(
            f"got --part-of-year for {' and '.join(others)}, expected some of {' '.join(concerned)}: the others fit "
            "whole years alone; leave them out"
        )
    return tuple(asked or concerned)


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


def _part() -> Fields:
    """What is more to say of ledgers that end inside a year."""
    from models.measures.structure import PART_OF_YEAR

    return {"simulated_to": HALF.isoformat(), "part_of_year": PART_OF_YEAR.digest}


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
