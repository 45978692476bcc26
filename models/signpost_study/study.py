"""All tables of the signposts' backtest: a pure computation of seconds, from the ledger, the list and the constants."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import numpy as np
import pandas as pd

from data.digest import digest
from data.readings import Reading
from data.types import Evidence
from models.outcome.signpost_list import SIGNPOSTS, Signpost
from models.signpost_study import questions
from models.signpost_study.chances import SIGNPOST_MODEL, VARIANTS, Known
from models.signpost_study.controls import control_table
from models.signpost_study.counts import count_law, coverage
from models.signpost_study.questions import AHEAD, ORIGINS, rules
from models.signpost_study.scores import calibration, comparisons, score_table
from models.signpost_study.searches import search_table
from models.signpost_study.yardsticks import yardsticks, yearly_counts
from models.signposts.constants import SIGNPOSTS_1
from models.storage.safe_csv import Tables

DECIMALS = 6
"""Of an archived chance; scores are made from the archived ones."""


def signpost_structures(signposts: Sequence[Signpost] = SIGNPOSTS) -> dict[str, str]:
    """Digests of what the chances follow from beside the ledger, by name: the frozen constants, and what is asked."""
    listed = [[s.id, s.opens, s.deadline, s.family, asdict(s.rule)] for s in signposts]
    return {"signposts": SIGNPOSTS_1.digest, "signpost_list": digest(listed)}


def study_tables(evidence: Evidence, readings: Sequence[Reading], signposts: Sequence[Signpost] = SIGNPOSTS) -> Tables:
    """Everything that the archive holds but the ranking and the pins, by name.

    Parameters
    ----------
    evidence : Evidence
        All that is known now, of whole years.
    readings : sequence of Reading
        Which search found each row.
    """
    asked = rules(signposts)
    known = {year: Known.at(evidence.events, asked, date(year, 12, 31)) for year in ORIGINS}
    table, laws = forecasts(evidence, known)
    return {
        "answers": table,
        "scores": score_table(table),
        "comparisons": comparisons(table),
        "calibration": calibration(table),
        "coverage": coverage(list(ORIGINS), laws, _numbers(table)),
        "searches": search_table(evidence, readings, signposts),
        "controls": control_table(evidence, asked),
    }


def forecasts(evidence: Evidence, known: dict[int, Known]) -> tuple[pd.DataFrame, dict[int, list[np.ndarray]]]:
    """Every answer with every forecaster's chance, and the law of each origin's number of yes by horizon.

    Parameters
    ----------
    known : dict
        By origin.
    """
    signposts = next(iter(known.values())).signposts
    given = questions.answers(evidence, signposts, known)
    answered = given.set_index(["origin", "horizon", "id"]).index
    counts = {signpost.id: yearly_counts(evidence.events, signpost, max(known)) for signpost in signposts}
    laws: dict[int, list[np.ndarray]] = {ahead: [] for ahead in AHEAD}
    rows = []
    for origin, then in known.items():
        by_variant = {name: then.varied(name).whole_years(origin) for name in VARIANTS}
        for ahead in AHEAD:
            inside = [(origin, ahead, signpost.id) in answered for signpost in signposts]
            laws[ahead].append(count_law(by_variant[SIGNPOST_MODEL][ahead][inside]))
            chances = {name: by_luck[ahead].mean(axis=1) for name, by_luck in by_variant.items()}
            for place, signpost in enumerate(signposts):
                own = {name: float(chance[place]) for name, chance in chances.items()}
                past = yardsticks(counts[signpost.id], signpost, origin, ahead)
                rows.append({"origin": origin, "horizon": ahead, "id": signpost.id, **own, **past})
    named = ["origin", "horizon", "id"]
    table = given.merge(pd.DataFrame(rows), on=named, validate="one_to_one")
    chances = table.columns.difference([*given.columns], sort=False)
    return table.assign(**{name: table[name].round(DECIMALS) for name in chances}), laws


def _numbers(table: pd.DataFrame) -> np.ndarray:
    """Yes that came, (origin, horizon); NaN where the window has not ended."""
    return table.pivot_table(values="yes", index="origin", columns="horizon", aggfunc="sum").to_numpy(float)
