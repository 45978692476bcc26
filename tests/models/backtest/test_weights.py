"""Weights by the written rule: prior shares until learned ones beat them with an interval below zero."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from models.backtest import weights
from models.backtest.mixture import PRIOR_SHARES
from models.backtest.weights import WHOLE_PAST, densities, published_weights, stack_tables
from models.names import MEMBERS, MODEL_M1, MODEL_M2, MODEL_M3
from tests.support.values.hindcasts import hindcasts, knowing


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few resamples."""
    monkeypatch.setattr(weights, "stack_interval", partial(weights.stack_interval, resamples=20))


def members(first: int = 1975, **says: float) -> pd.DataFrame:
    """All four members; those named know that share of what happens, the others say anything."""
    parts = [
        hindcasts(
            model,
            *([knowing(says[model])] if model in says else []),
            origins=range(max(first, 2004 if model == MODEL_M2 else 0), 2025),
            seed=seed,
        )
        for seed, model in enumerate(MEMBERS)
    ]
    return pd.concat(parts, ignore_index=True)


def test_densities_are_what_each_model_gave_to_what_happened() -> None:
    table = members()
    given, origins = densities(table, WHOLE_PAST)
    assert given.shape == (50, 5, 3)
    assert origins[0] == 1975
    row = table.query("model_id == @MODEL_M3 and origin == 1990 and horizon == 3").iloc[0]
    assert given[15, 2, WHOLE_PAST.index(MODEL_M3)] == pytest.approx(row[f"p_{row['observed']}"], abs=1e-12)
    assert np.isnan(given[-1, 1:]).all()
    assert densities(table)[0].shape == (21, 5, 4)


def test_learned_weights_that_win_clearly_are_published() -> None:
    found, stacked = stack_tables(members(**{MODEL_M3: 0.9}))
    assert found["weight"].sum() == pytest.approx(1.0, abs=1e-6)
    assert found["enough"].all()
    chosen = published_weights(found, stacked)
    assert chosen.learned
    assert "they replace them" in chosen.reason
    assert chosen.shares[MODEL_M3] > 0.8
    assert chosen.shares[MODEL_M2] <= PRIOR_SHARES[MODEL_M2]
    assert sum(chosen.shares.values()) == pytest.approx(1.0, abs=1e-6)


def test_prior_shares_stay_where_nobody_is_clearly_better() -> None:
    found, stacked = stack_tables(members())
    chosen = published_weights(found, stacked)
    assert not chosen.learned
    assert "the prior shares stay" in chosen.reason
    assert {model: chosen.shares[model] for model in WHOLE_PAST} == {model: PRIOR_SHARES[model] for model in WHOLE_PAST}
    learned = float(found.set_index("model_id").loc[MODEL_M2, "weight"])
    assert chosen.shares[MODEL_M2] == pytest.approx(min(0.05, learned))


def test_too_few_origins_publish_nothing_learned() -> None:
    found, stacked = stack_tables(members(first=2006, **{MODEL_M1: 0.9}))
    assert set(found["enough"]) == {False}
    assert not published_weights(found, stacked.assign(versus_published_high=-1.0)).learned
