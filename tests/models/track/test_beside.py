"""One rule for what a saved forecast is scored beside, whoever saves it."""

from dataclasses import replace

import pandas as pd
import pytest

from models.assumptions.setting import Assumptions
from models.change.side import Side
from models.forecast.results import make_forecast
from models.track.beside import default_beside
from tests.support.values.change_sides import side

MOVED = {"C01": 2.0, "volatility": 0.5}


def test_the_default_comes_from_the_evidence_and_draws_behind_the_snapshot() -> None:
    older = side("2022", MOVED)
    beside = default_beside(older)
    expected = make_forecast(older.evidence, older.library, Assumptions.defaults(older.evidence.claims))
    pd.testing.assert_frame_equal(beside.table, expected.table)
    assert (beside.evidence_digest, beside.library_key) == (older.evidence.digest, older.library.key)
    assert beside.assumptions.is_default


def test_a_snapshot_at_the_defaults_is_its_own() -> None:
    assert default_beside(side("2022")) is None


@pytest.mark.parametrize("lacking", ["draws", "rule"])
def test_without_draws_or_under_another_rule_there_is_none(lacking: str) -> None:
    whole = side("2022", MOVED)
    snapshot = whole.snapshot
    if lacking == "draws":
        assert default_beside(Side(snapshot=snapshot)) is None
        return
    other = replace(snapshot, rule=replace(snapshot.rule, digest="0" * 64))
    assert default_beside(replace(whole, snapshot=other)) is None
