"""`python -m models backtest --signposts`: do the signposts' chances hold, and their pins?"""

import argparse
import json
import time
from pathlib import Path

import pandas as pd

from data.digest import Fields
from data.readings import load_readings
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.commands.options.runs import archive, make_folder, today
from models.library.structures import STRUCTURE_DIGESTS
from models.names import MODEL_M1
from models.outcome.rule import RULE
from models.storage.disk import explained, read_limited
from models.storage.safe_csv import Tables
from models.storage.strict_json import MAX_JSON_BYTES

PINS = "pins"


def run_signposts(args: argparse.Namespace) -> int:
    """Score, rank by history, archive beside the yearly backtest; with ``--pins`` the brute force too.

    Without, the archived pins stay as they are: they hold for the library that they name.
    """
    from models.signpost_study.study import signpost_structures, study_tables

    evidence, started = args.context.evidence_of_whole_years(), time.process_time()
    folder = beside(args.out)
    make_folder(folder)
    tables = study_tables(evidence, load_readings(args.context.data))
    tables |= _ranking(args, evidence)
    about = {
        "made": today(),
        "kind": "hindcast",
        "evidence": evidence.digest,
        "rule": RULE.digest,
        "structures": {MODEL_M1: STRUCTURE_DIGESTS[MODEL_M1], **signpost_structures()},
    }
    earlier = folder / "about.json"
    pins = json.loads(read_limited(earlier, MAX_JSON_BYTES)).get(PINS) if earlier.is_file() else None
    if args.pins:
        drawn, pins = _pins(args)
        tables |= drawn
    about |= {PINS: pins, "seconds": round(time.process_time() - started)}
    archive(folder, about, tables)
    return _print_tables(tables)


def beside(yearly: Path) -> Path:
    """Folder of this study: beside that of the yearly one."""
    return yearly.with_name(f"{yearly.name}_signposts")


def _ranking(args: argparse.Namespace, evidence: Evidence) -> Tables:
    """Expected and realised values of every rule, and how far they agree."""
    from models.outcome.signpost_list import SIGNPOSTS
    from models.signpost_study.questions import rules
    from models.signpost_study.ranking import expected_values, history_table, realised_table

    with explained(args.out / "hindcasts.csv", "read"):
        hindcasts = pd.read_csv(args.out / "hindcasts.csv")
    asked = rules(SIGNPOSTS)
    ids = [signpost.id for signpost in asked]
    expected = pd.Series(expected_values(evidence, args.context.library(evidence), asked), index=ids)
    realised = realised_table(evidence, hindcasts, asked)
    return {
        "expected": expected.rename_axis("id").rename("expected").reset_index(),
        "realised": realised,
        "history": history_table(realised, expected),
    }


def _pins(args: argparse.Namespace) -> tuple[Tables, Fields]:
    """Pins and values by brute force, on the newest evidence, and what they hold for."""
    from models.fits.alignment_fit import base_case
    from models.forecast.results import make_forecast
    from models.signpost_study.brute import SEED, drawn, pin_table, value_table
    from models.signposts.ask import Question
    from models.signposts.board import Board

    started, evidence = time.process_time(), args.context.evidence()
    library = args.context.library(evidence)
    board = Board.of(evidence, library)
    forecast = make_forecast(evidence, library, Assumptions.defaults(evidence.claims))
    question = Question.of(board, evidence, library, forecast)
    fresh = drawn(evidence, base_case(evidence))
    tables = {"pins": pin_table(question, fresh), "values": value_table(question, fresh)}
    about = {"evidence": evidence.digest, "library": library.key, "seed": SEED}
    about |= {"ledgers": int(fresh.labels[..., 0].size), "seconds": round(time.process_time() - started)}
    return tables, about


def _print_tables(tables: Tables) -> int:
    """Print what decides; a missed aim is a finding, not a failure of the command."""
    table = tables["comparisons"]
    for row in table[table["role"] != "secondary"].itertuples():
        kept = "reached" if row.met else "MISSED"
        ends = "unknown" if pd.isna(row.low) else f"{row.low:+.4f} to {row.high:+.4f}"
        print(f"{row.role}, {kept}: {row.score} against {row.reference}: {row.difference:+.4f} ({ends})")
    for row in tables["coverage"].itertuples():
        verdict = "inside" if row.within else "OUTSIDE"
        print(f"{verdict} the band: {row.horizon} ahead: {row.inside:.0%} of origins ({row.low:.0%} to {row.high:.0%})")
    searches = tables["searches"]
    for row in searches[searches["depth"] == "same"].itertuples():
        kept = "reached" if row.met else "MISSED"
        print(f"aim, {kept}: without the {row.search} search the median change of a chance is {row.median:.3f}")
    for control, rows in tables["controls"].groupby("control", sort=False):
        kept = "reached" if rows["met"].all() else "MISSED"
        print(f"aim, {kept}: {control}: largest unexplained change {rows['unexplained'].max():.1e}")
    for row in tables["history"].itertuples():
        ends = f"{row.low:+.2f} to {row.high:+.2f}"
        print(f"ranking since {row.since}: rank correlation {row.correlation:+.2f} ({ends}), {row.rules} rules")
    if PINS in tables:
        pins = tables[PINS]
        print(f"pins: {pins['within'].sum()} of {len(pins)} within; largest error {pins['largest'].max():.4f}")
    return 0
