"""`python -m models backtest`: the past forecast again with what was known then, scored against simple references."""

import argparse
import json
import time
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
from models.errors import StaleFitError
from models.outcome.rule import RULE
from models.storage.disk import explained, read_limited
from models.storage.safe_csv import Tables
from models.storage.strict_json import MAX_JSON_BYTES
from models.storage.tasks import JsonShelf, run_all

BACKTEST = """\
Rolling origins: every model is fitted again at every year-end with the evidence visible on that day, and its forecasts
for one to five years ahead are scored against climatology, persistence, the base rate and a moving average. Drivers are
also left out, taken at the essay's strength and shuffled, to see what they add. These are hindcasts: people who knew
the outcome wrote the models.

Finished fits wait in the work folder; a run that was stopped goes on where it was. --rescore fits nothing: it takes the
archived hindcasts as they are and makes every table again that follows from them. --mid-year asks from 30 June and 30
September, scores those forecasts against the archived ones from the start of the same year, and writes beside them.
--signposts asks every signpost's rule again from past year-ends, fits nothing, and takes seconds; with --pins answers
under pins are held against simulated ledgers that are filtered (minutes).
"""
MEANS = "year_means.csv"
MOST_SHUFFLED_GAIN = 0.01
"""Ranked probability score that shuffled drivers may gain on none: more would say that the test rewards noise."""


def add(commands: Parsers) -> None:
    """Add the command."""
    text = "forecast the past again and score it"
    parser = command(commands, "backtest", text, run_backtest, description=BACKTEST)
    parser.add_argument("--without-controls", action="store_true", help="leave the driver controls out")
    parser.add_argument("--rescore", action="store_true", help="score the archived hindcasts again, without a fit")
    parser.add_argument("--mid-year", action="store_true", help="days inside a year against its start")
    parser.add_argument("--day", choices=("06-30", "09-30"), help="with --mid-year: of these days only one")
    parser.add_argument("--signposts", action="store_true", help="chances of signposts against each rule's own past")
    parser.add_argument("--pins", action="store_true", help="with --signposts: pins against brute force too")
    add_tables(parser, Path("docs") / "backtest")
    add_workers(parser)


def run_backtest(args: argparse.Namespace) -> int:
    """Refit, score, archive; 1 when the negative control fails."""
    if args.mid_year:
        from models.commands.actions.mid_year import run_mid_year

        return run_mid_year(args)
    if args.signposts:
        from models.commands.actions.signposts_backtest import run_signposts

        return run_signposts(args)
    if args.rescore:
        return _rescore(args.context.evidence_of_whole_years(), args.out)
    from models.backtest.controls import AS_RECORDED, VARIANTS, models_under
    from models.backtest.hindcasts import run_origin
    from models.backtest.origins import origin_tasks
    from models.backtest.outcomes import hindcast_table, year_mean_table
    from models.backtest.study import study_tables

    make_folder(args.out)
    evidence, started = args.context.evidence_of_whole_years(), time.monotonic()
    tasks = origin_tasks(evidence)
    for variant in VARIANTS if not args.without_controls else ():
        tasks += origin_tasks(evidence, models_under(variant), variant) if variant != AS_RECORDED else ()
    on_done = progress_of(lambda task: f"{task.model_id} at the end of {task.origin}: {task.variant}.")
    with workers(args) as executor:
        results = run_all(tasks, JsonShelf(folder=work_folder(args, "backtest")), executor, run_origin, on_done)
    tables = study_tables(evidence, *(table(evidence, tasks, results) for table in (hindcast_table, year_mean_table)))
    about = {**_about(evidence, tables), "fits": len(tasks), "minutes": round((time.monotonic() - started) / 60, 1)}
    archive(args.out, about, tables)
    return _print_tables(tables)


def _rescore(evidence: Evidence, folder: Path) -> int:
    """Tables from the archived hindcasts, which keep their date; the date of the scoring is added."""
    from models.backtest.study import archived_hindcasts, study_tables

    about = json.loads(read_limited(folder / "about.json", MAX_JSON_BYTES))
    if (about["evidence"], about["rule"]) != (evidence.digest, RULE.digest):
        raise StaleFitError(
            f"got hindcasts in {folder.name} of other evidence or another rule, expected those of the present ones; "
            "fit again with `python -m models backtest`"
        )
    if not (folder / MEANS).is_file():
        raise StaleFitError(
            f"got hindcasts in {folder.name} without {MEANS}, as former versions archived them, expected the years' "
            "own means beside the states; fit again with `python -m models backtest`"
        )
    with explained(folder / MEANS, "read"):
        stored, means = (pd.read_csv(folder / name) for name in ("hindcasts.csv", MEANS))
    tables = study_tables(evidence, archived_hindcasts(stored), means)
    archive(folder, {**about, "rescored": today()}, tables)
    return _print_tables(tables)


def _about(evidence: Evidence, tables: Tables) -> Fields:
    from models.backtest.origins import FIRST_ORIGIN, LAST_ORIGIN, SEED, SETTINGS
    from models.library.structures import STRUCTURE_DIGESTS

    failed = tables["hindcasts"].dropna(subset=["failed"]).query("failed != ''")
    return {
        "made": today(),
        "kind": "hindcast",
        "evidence": evidence.digest,
        "rule": RULE.digest,
        "structures": dict(STRUCTURE_DIGESTS),
        "first_origin": dict(FIRST_ORIGIN),
        "last_origin": LAST_ORIGIN,
        "seed": SEED,
        "settings": {model: [dict(attempt) for attempt in tries] for model, tries in SETTINGS.items()},
        "failed_fits": int(failed.drop_duplicates(["model_id", "variant", "origin"]).shape[0]),
        "versions": package_versions(),
    }


def _print_tables(tables: Tables) -> int:
    from models.backtest.weights import published_weights

    pooled = tables["comparisons"].query("score == 'rps' and horizon == 0").sort_values("role", kind="stable")
    for row in pooled.itertuples():
        ends = "unknown" if pd.isna(row.low) else f"{row.low:+.3f} to {row.high:+.3f}"
        print(f"{row.role}: {row.model_id} against {row.reference}: {row.difference:+.3f} ({ends}), {row.verdict}")
    for row in tables["weights"].itertuples():
        print(f"stacking weight of {row.model_id}: {row.weight:.2f} ({row.low:.2f} to {row.high:.2f})")
    for row in tables["stacked"].itertuples():
        print(f"log score of {row.forecaster}: {row.log_score:.3f}")
    print(published_weights(tables["weights"], tables["stacked"]).reason)
    if "controls" not in tables:
        return 0
    shuffled = tables["controls"].query("score == 'rps' and variant.str.startswith('shuffled')")
    for row in shuffled.itertuples():
        print(f"drivers {row.variant}, {row.model_id}: gain {row.gain:+.4f} on none")
    return int((shuffled["gain"] > MOST_SHUFFLED_GAIN).any())
