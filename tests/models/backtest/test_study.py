"""Structures to choose from: a variant is whole, with the fit that it shares before its first own origin."""

import pandas as pd

from models.backtest.controls import AS_RECORDED, NO_DRIVERS, ONE_VOLATILITY
from models.backtest.scores import scored
from models.backtest.study import STRUCTURES, archived_hindcasts, chosen_structures
from models.backtest.yardsticks import RIVAL
from models.names import MODEL_M1, MODEL_M3
from tests.support.values.hindcasts import hindcasts, knowing


def test_structures_are_compared_from_every_origin() -> None:
    """Without drivers the model knows everything from 1992 on; until then it is the same fit as recorded."""
    parts = [
        hindcasts(MODEL_M1, knowing(0.5)),
        hindcasts(MODEL_M1, knowing(0.9), range(1992, 2025), NO_DRIVERS),
        hindcasts(MODEL_M1, knowing(0.4), range(1990, 2025), ONE_VOLATILITY),
        hindcasts(MODEL_M3, knowing(0.2)),
    ]
    found = chosen_structures(scored(pd.concat(parts, ignore_index=True)))
    assert len(found) == 240
    chosen = found.groupby("origin")["chosen"].first()
    assert set(chosen.loc[1976:1990]) == {"; ".join(name for name in STRUCTURES if name != "hidden regimes")}
    assert set(chosen.loc[1994:]) == {"without drivers"}


def test_what_was_scored_beside_the_members_is_left_behind() -> None:
    table = scored(pd.concat([hindcasts(MODEL_M1), hindcasts(RIVAL)], ignore_index=True))
    again = archived_hindcasts(table.assign(failed=float("nan")))
    assert set(again["model_id"]) == {MODEL_M1}
    assert set(again["failed"]) == {""}
    assert "rps" not in again.columns
    assert set(again["variant"]) == {AS_RECORDED}
