"""`python -m models resolve --candidates`: the study that chose the rule, made again. No forecast is scored in it."""

import argparse

import numpy as np

from data.digest import Fields, digest
from data.readings import Reading, load_readings
from data.types import Evidence
from models.commands.options.line import note
from models.commands.options.runs import archive, make_folder
from models.outcome import candidates
from models.outcome.candidates import LABELLED, candidate_table, chosen
from models.outcome.ledger import Ledger
from models.outcome.robustness import MOST_CHANGED, deep_labels
from models.outcome.rule import RULE_2
from models.outcome.year_mean import past_differences
from models.storage.safe_csv import plain_rows

TERCILES = (1 / 3, 2 / 3)


def run_candidates(args: argparse.Namespace) -> int:
    """Compare every candidate, write the table and what it rests on, and print those that keep to every limit."""
    make_folder(args.out)
    evidence = args.context.evidence()
    readings = load_readings(args.context.data)
    table = candidate_table(Ledger.of(evidence.events, readings, LABELLED, RULE_2), candidates.DRAWS).round(4)
    newest = args.context.evidence(args.context.edition.searched_until)
    archive(args.out, about(evidence, newest, readings), {"candidates": table})
    good = chosen(table)
    note(f"Wrote {len(table)} candidates and cuts to {args.out.name}; {len(good)} move and keep to every limit:")
    shown = ["candidate", "low", "middle", "high", "tone_first", "changed_first", "changed_from_3", "near_a_cut"]
    print(good[shown].to_string(index=False))
    return 0


def about(evidence: Evidence, newest: Evidence, readings: tuple[Reading, ...]) -> Fields:
    """What the study rests on, its limits, and the two facts beside the table that the decision tells."""
    apart = past_differences(evidence.events, range(*LABELLED), rule=RULE_2)
    deep = deep_labels(newest.events, range(LABELLED[1], newest.as_of.year + 1), RULE_2)
    return {
        "evidence": evidence.digest,
        "readings": digest([[each.id, each.search, each.second and each.second.intensity] for each in readings]),
        "rule": RULE_2.digest,
        "years": list(LABELLED),
        "draws": candidates.DRAWS,
        "seed": candidates.SEED,
        "most_changed": MOST_CHANGED,
        "most_moved": candidates.MOST_MOVED,
        "word_terciles": [round(float(value), 4) for value in np.nanquantile(apart, TERCILES)],
        "ledger_end": newest.as_of.isoformat(),
        "newest_years": plain_rows(deep.round(4)),
    }
