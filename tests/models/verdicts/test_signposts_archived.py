"""The archive of the signposts' backtest: of this list and these constants, its tables are what the code makes, and the
decision and README say what they say."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.readings import load_readings
from data.types import Evidence
from models.outcome.rule import RULE
from models.outcome.signpost_list import SIGNPOSTS
from models.signpost_study.brute import ERRORS, LIMIT, TRIPLES
from models.signpost_study.chances import Known
from models.signpost_study.questions import AHEAD, ORIGINS, rules
from models.signpost_study.ranking import SINCE, history_of_ranking, history_table, realised_table
from models.signpost_study.scores import (
    SIGNPOST_MODEL,
    calibration,
    compared,
    penalties,
    score_table,
)
from models.signpost_study.searches import search_table
from models.signpost_study.study import forecasts, signpost_structures
from models.verdicts import signposts as verdicts

pytestmark = pytest.mark.machine

DOCS = Path(__file__).parents[3] / "docs"
STUDY = DOCS / "backtest_signposts"


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(STUDY / f"{name}.csv")


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return table("answers")


def about() -> dict:
    return json.loads((STUDY / "about.json").read_text(encoding="utf-8"))


def test_the_archive_is_of_this_evidence_list_and_these_constants(real_evidence: Evidence) -> None:
    told = about()
    assert (told["evidence"], told["rule"]) == (real_evidence.digest, RULE.digest)
    assert signpost_structures().items() <= told["structures"].items()


def test_chances_and_answers_are_what_the_code_makes(real_evidence: Evidence, answers: pd.DataFrame) -> None:
    asked = rules(SIGNPOSTS)
    assert len(answers) == len(asked) * sum(o + h <= 2025 for o in ORIGINS for h in AHEAD)
    known = {year: Known.at(real_evidence.events, asked, date(year, 12, 31)) for year in (1992, 2023)}
    again, laws = forecasts(real_evidence, known)
    stored = answers[answers["origin"].isin(known)].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, stored, atol=2e-6, check_dtype=False)  # six decimals, and another processor
    came = stored.groupby(["horizon", "origin"])["yes"].sum()
    assert 0 < came.loc[1, 1992] < len(asked) == len(laws[1][0]) - 1


def test_scores_follow_from_the_archived_chances(answers: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(score_table(answers).reset_index(drop=True), table("scores"), check_dtype=False)
    pd.testing.assert_frame_equal(calibration(answers), table("calibration"), check_dtype=False)
    for row in table("comparisons").query("role != 'secondary'").itertuples():
        grids = []
        for name in (SIGNPOST_MODEL, row.reference):
            scored = answers.assign(penalty=penalties(answers[name].to_numpy(), answers["yes"].to_numpy())[row.score])
            wide = scored.pivot_table(values="penalty", index="origin", columns="horizon")
            grids.append(wide.to_numpy())
        own = compared(*grids, row.horizon)
        assert (row.difference, row.low, row.high) == pytest.approx((own["difference"], own["low"], own["high"]))
        assert row.met == (row.high < 0 if row.role == "primary" else row.high <= 0)


def test_searches_and_ranking_are_what_the_code_makes(real_evidence: Evidence) -> None:
    again = search_table(real_evidence, load_readings(), SIGNPOSTS)
    pd.testing.assert_frame_equal(again.drop(columns="met"), table("searches").drop(columns="met"), check_dtype=False)
    hindcasts = pd.read_csv(DOCS / "backtest" / "hindcasts.csv")
    realised = realised_table(real_evidence, hindcasts, rules(SIGNPOSTS)[:2])
    stored = table("realised")
    pd.testing.assert_frame_equal(realised, stored[: len(realised)], check_dtype=False)
    made = history_table(stored, table("expected").set_index("id")["expected"])
    pd.testing.assert_frame_equal(made, table("history"), check_dtype=False)
    for since in SINCE:
        assert asdict(history_of_ranking(STUDY, since)) == pytest.approx(
            made.set_index("since").loc[since].to_dict() | {"since": since}
        )


def test_pins_were_held_against_enough_ledgers() -> None:
    pins = table("pins")
    assert len(pins) == pins["pins"].nunique() == TRIPLES
    assert (pins["chance"] >= 0.01).all()
    near = (pins["largest"] <= LIMIT) | (pins["errors"] <= ERRORS)
    assert near[pins["within"]].all()
    assert np.abs(pins["chance"] - pins["filtered"]).max() < 0.02
    assert about()["pins"]["ledgers"] == 972_000


def test_decision_and_readme_quote_the_sentences_that_the_rows_give() -> None:
    """Whatever they are."""
    said = " ".join((DOCS / "decisions" / "0021-signpost-chances.md").read_text(encoding="utf-8").split())
    first = verdicts.chances_sentence(table("comparisons"), table("scores"))
    for sentence in (
        first,
        verdicts.unseen_sentence(table("scores")),
        verdicts.count_sentence(table("coverage")),
        verdicts.searches_sentence(table("searches")),
        verdicts.controls_sentence(table("controls")),
        verdicts.ranking_sentence(table("history")),
        verdicts.pins_sentence(table("pins"), table("values")),
    ):
        assert sentence in said
    assert first in " ".join((DOCS.parent / "README.md").read_text(encoding="utf-8").split())
