"""The archive about days inside a year: of the present rule, models and constants, and its tables follow from each
other and from the yearly archive."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.backtest.mid_year import MID_YEAR, MONTHS, START, day_of
from models.backtest.mixture import PRIOR_SHARES
from models.backtest.outcomes import P
from models.library.structures import STRUCTURE_DIGESTS
from models.measures.structure import PART_OF_YEAR
from models.names import MEMBERS, MODEL_M1, MODEL_M2, MODEL_M3, MODEL_MIXTURE
from models.outcome.rule import RULE
from models.verdicts.mid_year import later_sentence, nowcast_sentence, other_day_sentence, worth_sentence

pytestmark = pytest.mark.machine

DOCS = Path(__file__).parents[3] / "docs"
STUDY = DOCS / "backtest_mid_year"


def table(name: str, folder: Path = STUDY) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])


def about(folder: Path) -> dict:
    return json.loads((folder / "about.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def hindcasts() -> pd.DataFrame:
    return table("hindcasts")


def on(hindcasts: pd.DataFrame, day: str, model: str) -> pd.DataFrame:
    return hindcasts[(hindcasts["day"] == day) & (hindcasts["model_id"] == model)].set_index(["origin", "horizon"])


def test_the_archive_is_of_the_yearly_ones_evidence_and_of_these_models() -> None:
    told = about(STUDY)
    assert told["evidence"] == about(DOCS / "backtest")["evidence"]
    assert (told["rule"], told["structures"]) == (RULE.digest, dict(STRUCTURE_DIGESTS))
    assert told["part_of_year"] == PART_OF_YEAR.digest


def test_the_study_has_the_days_and_years_it_promises(hindcasts: pd.DataFrame) -> None:
    assert about(STUDY)["days"] == [day_of(month) for month in MONTHS]
    for day in about(STUDY)["days"]:
        for model in (MODEL_MIXTURE, *MEMBERS):
            own = on(hindcasts, day, model).reset_index()
            assert own["origin"].nunique() == (21 if model == MODEL_M2 else 50)
            assert set(own["horizon"]) == {0, 1, 2, 3, 4, 5}
            assert (own["target_year"] == own["origin"] + own["horizon"]).all()
    assert about(STUDY)["failed_fits"] == 0


def test_the_mixture_follows_from_its_members(hindcasts: pd.DataFrame) -> None:
    for day in about(STUDY)["days"]:
        wide = {model: on(hindcasts, day, model) for model in (MODEL_MIXTURE, *MEMBERS)}
        for place in ((1980, 0), (2010, 3)):
            there = [model for model in MEMBERS if place in wide[model].index]
            total = sum(PRIOR_SHARES[model] for model in there)
            expected = sum(PRIOR_SHARES[m] / total * wide[m].loc[place, P].to_numpy(float) for m in there)
            np.testing.assert_allclose(wide[MODEL_MIXTURE].loc[place, P].to_numpy(float), expected, atol=1e-9)


def test_what_decides_follows_from_both_archives(hindcasts: pd.DataFrame) -> None:
    start = pd.read_csv(DOCS / "backtest" / "hindcasts.csv")
    start = start[(start["model_id"] == MODEL_MIXTURE) & (start["variant"] == "as recorded")]
    deciding = table("comparisons").query("role != 'secondary'")
    assert deciding["role"].tolist() == ["primary", "aim", "aim"]
    inside = on(hindcasts, MID_YEAR, MODEL_MIXTURE).reset_index()
    for row in deciding.itertuples():
        ours = inside[inside["horizon"] == row.horizon].set_index("target_year")["rps"]
        theirs = start[start["horizon"] == row.horizon + 1].set_index("target_year")["rps"]
        assert (row.model_id, row.day, row.reference) == (MODEL_MIXTURE, MID_YEAR, START)
        assert row.difference == pytest.approx((ours - theirs).dropna().mean(), abs=1e-9)
        assert row.met == (row.high < row.limit if row.limit == 0 else row.high <= row.limit)


def test_coverage_follows_from_the_archived_quantiles() -> None:
    means = table("year_means").query("day == @MID_YEAR and horizon == 0")
    for model in (MODEL_M1, MODEL_M3):
        own = means[means["model_id"] == model]
        inside = ((own["q10"] <= own["observed"]) & (own["observed"] <= own["q90"])).mean()
        found = table("coverage").query("model_id == @model and day == @MID_YEAR and level == 0.8 and since == 1976")
        assert float(found["inside"].iloc[0]) == pytest.approx(inside, abs=1e-12)


def test_the_decision_quotes_the_sentences_that_the_rows_give() -> None:
    """Whatever they are."""
    said = " ".join((DOCS / "decisions" / "0019-any-day-origin.md").read_text(encoding="utf-8").split())
    comparisons = table("comparisons")
    told = [worth_sentence(comparisons), later_sentence(comparisons)]
    for day in about(STUDY)["days"]:
        told.append(nowcast_sentence(table("coverage"), day=day))
        if day != MID_YEAR:
            told.append(other_day_sentence(comparisons, day))
    for sentence in told:
        assert sentence in said
