"""Comparing a refit with what was published: in combined standard errors, and nothing is left out."""

import pandas as pd
import pytest

from models.sampling.again import LIMIT, Refit, compared, unused_seed
from models.snapshot.archive import read_snapshot
from tests.support.values.small_snapshots import COMMITTED


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return read_snapshot(COMMITTED.read_bytes()).table


def chosen(table: pd.DataFrame, kind: str) -> pd.Series:
    return (
        (table["model_id"] == "m1_latent_alignment")
        & (table["target"] == "deeper_by_year_end")
        & (table["horizon"] == 3)
        & (table["output_type"] == kind)
        & (table["output_type_id"] == "yes")
    )


def test_every_probability_with_an_error_has_its_row(published: pd.DataFrame) -> None:
    rows = compared(published, published)
    assert len(rows) == (published["output_type"] == "mcse").sum()
    assert (rows["ratio"] == 0).all()
    assert Refit(rows=rows, failures={}).agrees


@pytest.mark.parametrize(("times", "agrees"), [(3.9, True), (4.1, False)])
def test_a_difference_is_measured_in_combined_errors(published: pd.DataFrame, times: float, agrees: bool) -> None:
    again = published.copy()
    error = float(published.loc[chosen(published, "mcse"), "value"].iloc[0])
    again.loc[chosen(again, "pmf"), "value"] += times * error * 2**0.5
    refit = Refit(rows=compared(published, again), failures={})
    assert refit.largest == pytest.approx(times, rel=1e-9)
    assert refit.rows.iloc[0]["target"] == "deeper_by_year_end"
    assert refit.agrees is agrees
    assert LIMIT == 4


def test_a_question_that_only_one_side_answers_never_agrees(published: pd.DataFrame) -> None:
    fewer = published[published["model_id"] != "m3_hidden_regimes"]
    assert not Refit(rows=compared(published, fewer), failures={}).agrees
    assert not Refit(rows=compared(fewer, published), failures={}).agrees


def test_a_refit_has_a_seed_of_its_own() -> None:
    snapshot = read_snapshot(COMMITTED.read_bytes())
    used = {one.seed + step for one in snapshot.library.anchors for step in range(4)}
    assert unused_seed(snapshot) not in used
