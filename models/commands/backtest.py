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
from models.names import MEMBERS, MODEL_M1, MODEL_M2
from models.outcome.rule import RULE
from models.storage.disk import explained, read_limited
from models.storage.safe_csv import Tables
from models.storage.strict_json import MAX_JSON_BYTES
from models.storage.tasks import JsonShelf, run_all

BACKTEST = """\
Rolling origins: every model is fitted again at every year-end with the evidence visible on that day, and its forecasts
for one to five years ahead are scored against climatology, persistence and the base rate. Drivers are also left out and
shuffled, to see what they add. These are hindcasts: people who knew the outcome wrote the models.

Finished fits wait in the work folder; a run that was stopped goes on where it was. --rescore fits nothing: it takes the
archived hindcasts as they are and makes every table again that follows from them.
"""
MOST_SHUFFLED_GAIN = 0.01
"""Ranked probability score that shuffled drivers may gain on none: more would say that the test rewards noise."""


def add(commands: Parsers) -> None:
    """Add the command."""
    text = "forecast the past again and score it"
    parser = command(commands, "backtest", text, run_backtest, description=BACKTEST)
    parser.add_argument("--without-controls", action="store_true", help="leave the driver controls out")
    parser.add_argument("--rescore", action="store_true", help="score the archived hindcasts again, without a fit")
    add_tables(parser, Path("docs") / "backtest")
    add_workers(parser)


def run_backtest(args: argparse.Namespace) -> int:
    """Refit, score, archive; 1 when the negative control fails."""
    if args.rescore:
        return _rescore(args.context.evidence(), args.out)
    from models.backtest.controls import NO_DRIVERS, SHUFFLES
    from models.backtest.hindcasts import hindcast_table, origin_tasks, run_origin

    make_folder(args.out)
    evidence, started = args.context.evidence(), time.monotonic()
    variants = () if args.without_controls else (NO_DRIVERS, *SHUFFLES)
    tasks = origin_tasks(evidence)
    for variant in variants:
        tasks += origin_tasks(evidence, (MODEL_M1, MODEL_M2), variant)
    on_done = progress_of(lambda task: f"{task.model_id} at the end of {task.origin}, drivers {task.variant}.")
    with workers(args) as executor:
        results = run_all(tasks, JsonShelf(folder=work_folder(args, "backtest")), executor, run_origin, on_done)
    table = hindcast_table(evidence, tasks, results)
    tables = study_tables(evidence, table)
    about = {**_about(evidence, tables), "fits": len(tasks), "minutes": round((time.monotonic() - started) / 60, 1)}
    archive(args.out, about, tables)
    return _print_tables(tables)


def _rescore(evidence: Evidence, folder: Path) -> int:
    """Tables from the archived hindcasts, which keep their date; the date of the scoring is added."""
    about = json.loads(read_limited(folder / "about.json", MAX_JSON_BYTES))
    if (about["evidence"], about["rule"]) != (evidence.digest, RULE.digest):
        raise StaleFitError(
            f"got hindcasts in {folder.name} of other evidence or another rule, expected those of the present ones; "
            "fit again with `python -m models backtest`"
        )
    with explained(folder / "hindcasts.csv", "read"):
        stored = pd.read_csv(folder / "hindcasts.csv")
    tables = study_tables(evidence, archived_hindcasts(stored))
    archive(folder, {**about, "rescored": today()}, tables)
    return _print_tables(tables)


def archived_hindcasts(stored: pd.DataFrame) -> pd.DataFrame:
    """What was forecast, without the references and the scores that were stored beside it."""
    from models.backtest.scores import SCORES

    fitted = stored[stored["model_id"].isin(MEMBERS)].drop(columns=list(SCORES))
    return fitted.assign(failed=fitted["failed"].astype(object).where(fitted["failed"].notna(), ""))


def study_tables(evidence: Evidence, hindcasts: pd.DataFrame) -> Tables:
    """Everything that follows from the hindcasts, by name."""
    from models.backtest.scores import (
        comparisons,
        control_table,
        reference_table,
        reliability_table,
        scored,
        stack_tables,
    )

    references = reference_table(evidence, sorted(set(hindcasts["origin"])))
    scores = scored(pd.concat([hindcasts, references], ignore_index=True))
    weights, stacked = stack_tables(scores)
    controls = control_table(scores)
    return {
        "hindcasts": scores,
        "comparisons": comparisons(scores),
        "reliability": reliability_table(scores),
        "weights": weights,
        "stacked": stacked,
        **({} if controls.empty else {"controls": controls}),
    }


def _about(evidence: Evidence, tables: Tables) -> Fields:
    from models.backtest.hindcasts import FIRST_ORIGIN, LAST_ORIGIN, SEED, SETTINGS
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
    pooled = tables["comparisons"].query("score == 'rps' and horizon == 0")
    for row in pooled.itertuples():
        ends = "unknown" if pd.isna(row.low) else f"{row.low:+.3f} to {row.high:+.3f}"
        print(f"{row.model_id} against {row.reference}: {row.difference:+.3f} ({ends}), {row.verdict}")
    for row in tables["weights"].itertuples():
        print(f"stacking weight of {row.model_id}: {row.weight:.2f} ({row.low:.2f} to {row.high:.2f})")
    for row in tables["stacked"].itertuples():
        print(f"log score of {row.forecaster}: {row.log_score:.3f}")
    if "controls" not in tables:
        return 0
    shuffled = tables["controls"].query("score == 'rps' and variant.str.startswith('shuffled')")
    for row in shuffled.itertuples():
        print(f"drivers {row.variant}, {row.model_id}: gain {row.gain:+.4f} on none")
    return int((shuffled["gain"] > MOST_SHUFFLED_GAIN).any())
