"""`python -m models backtest --mid-year`: what half and three quarters of a year's rows are worth."""

import argparse
import json
import time
from pathlib import Path

import pandas as pd

from data.digest import Fields
from data.types import Evidence
from models.backtest.study import archived_hindcasts
from models.commands.options.runs import (
    archive,
    make_folder,
    package_versions,
    progress_of,
    today,
    work_folder,
    workers,
)
from models.errors import StaleFitError
from models.library.structures import STRUCTURE_DIGESTS
from models.measures.structure import PART_OF_YEAR
from models.outcome.rule import RULE
from models.storage.disk import explained, read_limited
from models.storage.safe_csv import Tables
from models.storage.strict_json import MAX_JSON_BYTES

STATES, MEANS = "hindcasts.csv", "year_means.csv"


def run_mid_year(args: argparse.Namespace) -> int:
    """Refit from days inside a year, score against the yearly archive in the same folder, archive beside it.

    Raises
    ------
    StaleFitError
        The yearly archive is of other evidence, another rule or other models.
    """
    from models.backtest.mid_year import mid_year_tables
    from models.backtest.origins import whole_evidence

    evidence, started = whole_evidence(), time.monotonic()
    yearly = _read(args.out, evidence)
    folder = beside(args.out)
    make_folder(folder)
    if args.rescore:
        about = {**json.loads(read_limited(folder / "about.json", MAX_JSON_BYTES)), "rescored": today()}
        states, means = _read(folder, evidence)
        fitted = archived_hindcasts(states).drop(columns="rows"), means
    else:
        fitted, fits = _fitted(args, evidence)
        minutes = round((time.monotonic() - started) / 60, 1)
        about = {**_about(evidence, fitted[0]), "fits": fits, "minutes": minutes}
    tables = mid_year_tables(evidence, fitted, yearly)
    archive(folder, about, tables)
    return _print_tables(tables)


def beside(yearly: Path) -> Path:
    """Folder of this study: beside that of the yearly one."""
    return yearly.with_name(f"{yearly.name}_mid_year")


def _fitted(args: argparse.Namespace, evidence: Evidence) -> tuple[tuple[pd.DataFrame, pd.DataFrame], int]:
    from models.backtest.hindcasts import run_origin
    from models.backtest.mid_year import MONTHS, day_of, origin_rows
    from models.backtest.origins import origin_tasks
    from models.storage.tasks import JsonShelf, run_all

    months = [month for month in MONTHS if args.day in (None, day_of(month))]
    tasks = [task for month in months for task in origin_tasks(evidence, month=month)]
    on_done = progress_of(lambda task: f"{task.model_id} on {task.reference_date}.")
    with workers(args) as executor:
        results = run_all(tasks, JsonShelf(folder=work_folder(args, "backtest")), executor, run_origin, on_done)
    return origin_rows(evidence, tasks, results), len(tasks)


def _read(folder: Path, evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hindcasts and year means of an archive of the present version."""
    about = json.loads(read_limited(folder / "about.json", MAX_JSON_BYTES))
    present = evidence.digest, RULE.digest, dict(STRUCTURE_DIGESTS)
    if (about["evidence"], about["rule"], about["structures"]) != present:
        raise StaleFitError(
            f"got hindcasts in {folder.name} of evidence {about['evidence'][:12]}, expected {evidence.digest[:12]} "
            "under the present rule and models; run `python -m models backtest` first, then this again"
        )
    with explained(folder / STATES, "read"):
        states, means = (pd.read_csv(folder / name) for name in (STATES, MEANS))
    return states, means


def _about(evidence: Evidence, states: pd.DataFrame) -> Fields:
    from models.backtest.origins import FIRST_ORIGIN, LAST_ORIGIN, SEED, SETTINGS

    failed = states.loc[states["failed"] != "", ["model_id", "day", "origin"]].drop_duplicates()
    return {
        "made": today(),
        "kind": "hindcast",
        "evidence": evidence.digest,
        "rule": RULE.digest,
        "structures": dict(STRUCTURE_DIGESTS),
        "part_of_year": PART_OF_YEAR.digest,
        "days": sorted(set(states["day"])),
        "first_origin": {model: year + 1 for model, year in FIRST_ORIGIN.items()},
        "last_origin": LAST_ORIGIN + 1,
        "seed": SEED,
        "settings": {model: [dict(attempt) for attempt in tries] for model, tries in SETTINGS.items()},
        "failed_fits": len(failed),
        "versions": package_versions(),
    }


def _print_tables(tables: Tables) -> int:
    """Print what decides and what was seen; a missed aim is a finding, not a failure of the command."""
    table = tables["comparisons"]
    for row in table[table["role"] != "secondary"].itertuples():
        kept = "reached" if row.met else "MISSED"
        ends = "unknown" if pd.isna(row.low) else f"{row.low:+.3f} to {row.high:+.3f}"
        what = f"{row.score} of {row.model_id} on {row.day} for the year-end {row.horizon} ahead"
        print(f"{row.role}, {kept}: {what}: {row.difference:+.3f} ({ends}) against the {row.reference}")
    for row in tables["coverage"].itertuples():
        verdict = "inside" if row.within else "OUTSIDE"
        ranges = f"{row.inside:.0%} of years since {row.since} in ranges of {row.level:.0%}"
        print(f"{verdict} the band: {row.model_id} on {row.day}: {ranges} ({row.low:.0%} to {row.high:.0%})")
    return 0
