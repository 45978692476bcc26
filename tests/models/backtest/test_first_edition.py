"""2025: the stored numbers are distributions with their source, and are scored under the rule they were asked under."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.types import Evidence
from models.backtest.first_edition import SAID, first_edition_2025
from models.names import MODELS, STATES
from models.outcome.rule import RULE_1, resolve


def test_the_stored_forecast_is_whole_and_says_where_it_is_from() -> None:
    said = pd.read_csv(SAID)
    assert list(said["model_id"]) == list(MODELS)
    np.testing.assert_allclose(said[list(STATES)].sum(axis=1), 1.0, rtol=0, atol=5e-6)
    assert said["source"].str.contains("rule-1").all()


def test_it_is_scored_under_its_own_rule(real_evidence: Evidence) -> None:
    found = first_edition_2025(real_evidence).set_index("model_id")
    label = resolve(real_evidence.events, 2025, RULE_1)
    assert set(found["observed"]) == {label.state.value}
    assert set(found["rule"]) == {"rule-1"}
    given = found.loc["mixture", label.state.value]
    assert found.loc["mixture", "log"] == pytest.approx(-np.log(given), abs=1e-5)


def test_before_the_year_was_over_nothing_is_resolved(real_evidence: Evidence) -> None:
    assert first_edition_2025(real_evidence.visible(date(2024, 12, 31))).empty
