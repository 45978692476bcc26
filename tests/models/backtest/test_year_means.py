"""Scores of the years' means: the better distribution wins, and the words are those of the rule's cuts."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from models.backtest import scores
from models.backtest.controls import ESSAY
from models.backtest.outcomes import QUANTILES
from models.backtest.yardsticks import CLIMATOLOGY_30
from models.backtest.year_means import mean_comparisons, scored_means, variant_means
from models.names import MODEL_M1, MODEL_MIXTURE
from models.outcome.rule import RULE
from tests.support.values.hindcasts import year_means


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few resamples."""
    for name in ("mean_interval", "pooled_interval"):
        monkeypatch.setattr(scores, name, partial(getattr(scores, name), resamples=100))


def test_the_true_distribution_beats_a_shifted_one_by_both_scores() -> None:
    table = scored_means(pd.concat([year_means(MODEL_MIXTURE), year_means(CLIMATOLOGY_30, shift=6.0)]))
    found = mean_comparisons(table)
    assert set(found["horizon"]) == {0, 1, 2, 3, 4, 5}
    assert set(found["role"]) == {"secondary"}
    for score in ("crps", "words"):
        row = found.query("score == @score and horizon == 0").iloc[0]
        means = table.groupby("model_id")[score].mean()
        assert row["difference"] == pytest.approx(means[MODEL_MIXTURE] - means[CLIMATOLOGY_30], abs=1e-12)
        assert row["verdict"] == "skill"


def test_words_are_scored_against_the_tone_at_the_origin() -> None:
    """Certain forecasts far on either side of the cuts: right costs nothing, the opposite word two."""
    one = year_means(MODEL_M1).iloc[:2].assign(tone=1.0)
    low, high = (1.0 + cut for cut in RULE.word_cuts)
    rows = pd.concat([one.assign(observed=low - 0.01), one.assign(observed=high)])
    sure = rows.assign(**dict.fromkeys(QUANTILES, high + 1))
    np.testing.assert_allclose(scored_means(sure)["words"], [2, 2, 0, 0], rtol=0, atol=1e-12)


def test_a_variant_is_compared_over_the_targets_it_shares() -> None:
    plain, moved = (
        year_means(MODEL_M1),
        year_means(MODEL_M1, shift=2.0, origins=range(2004, 2025)).assign(variant=ESSAY),
    )
    (row,) = variant_means(scored_means(pd.concat([plain, moved]))).itertuples()
    assert (row.model_id, row.variant, row.origins) == (MODEL_M1, ESSAY, 21)
    assert row.ours > row.default
