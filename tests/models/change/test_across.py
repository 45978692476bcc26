"""Comparisons across outcome rules: what can be told apart is, the parts add up, and what is missing is named."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.assumptions.shares import WEIGHT_KNOBS
from models.change import across
from models.change.bridge import load_bridge
from models.change.compare import compare
from models.change.game import BRIDGE
from models.change.side import Side
from models.change.split import COLUMNS, TOGETHER, Split, split
from models.change.values import published
from models.errors import MissingFitError, StaleFitError
from models.forecast.results import make_forecast
from models.names import MODEL_MIXTURE, STATES, TARGET_STATE
from models.outcome.rule import RULE_1, RULE_2, resolve
from models.snapshot.archive import snapshot_bytes
from models.snapshot.value import Snapshot
from tests.support.values.former import bridge_forecast, former_side, present_side, write_bridge

EXACT = 1e-12
MOVED = {"C01": 2.0, "persistence": 0.8}
WEIGHTS = {"outside_view_weight": 0.9}
SHARES = {"outside_view_weight": 0.25, "alignment_weight": 0.35, "ordered_weight": 0.25, "regimes_weight": 0.15}
"""Those of the former version, for sides whose shares are the same."""


@pytest.fixture(scope="module")
def bridges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bridge")
    write_bridge(folder)
    return folder


def left_over(found: Split) -> float:
    table = found.table
    return float((table["new"] - table["old"] - table[list(found.parts)].sum(axis=1)).abs().max())


def state(side: Side, values: dict[str, float], horizon: int) -> np.ndarray:
    """The four states as a side's own mixture has them under a setting."""
    setting = side.under({**side.snapshot.assumptions.values, **values})
    forecast = make_forecast(side.evidence, side.library, setting, None)
    return np.array([forecast.probability(TARGET_STATE, horizon, name, MODEL_MIXTURE) for name in STATES])


def mixture(snapshot: Snapshot) -> np.ndarray:
    """What the models of a stored forecast say, with the former shares, shape (horizon, state)."""
    values = {model: published(snapshot, "", model).mean for model in snapshot.structures}
    return sum(SHARES[WEIGHT_KNOBS[model]] * mean for model, mean in values.items())


@pytest.mark.parametrize("by", ["date", "horizon"])
def test_parts_across_rules_add_up_and_the_way_back_turns_every_sign(by: str, bridges: Path) -> None:
    old, new = former_side(MOVED), present_side(WEIGHTS)
    there, back = split(old, new, by, bridges), split(new, old, by, bridges)
    assert list(there.table.columns) == COLUMNS
    assert there.parts == ("data", "prior", "model", "time", BRIDGE)
    assert left_over(there) < EXACT
    assert left_over(back) < EXACT
    assert (there.table[BRIDGE].abs() > 0).any()
    assert (there.table["time"] == 0).all() == (by == "date")
    rows = there.table.merge(
        back.table, on=["state", "target_end_date" if by == "date" else "horizon"], suffixes=("_there", "_back")
    )
    assert len(rows) == len(there.table)
    for part in (*there.parts, "total"):
        np.testing.assert_allclose(rows[f"{part}_there"], -rows[f"{part}_back"], rtol=0, atol=EXACT)
    assert there.notes[0].startswith("The question changed: the older forecast was asked under rule-1")
    assert "of which the rule alone makes" in there.notes[-1]


def test_each_part_is_one_step_of_the_chain(bridges: Path) -> None:
    """By hand, with shares that do not change: old beliefs to the bridge's, rows, rule and structure, new beliefs."""
    old, new = former_side(MOVED), present_side({"C02": 1.8, **SHARES})
    bridge = load_bridge(bridges)
    found = split(old, new, "date", bridges).table
    beliefs = {key: value for key, value in bridge.before.assumptions.values.items() if not key.endswith("_weight")}
    former = mixture(bridge.before)
    for year in (2027, 2029):
        then, now = year - old.evidence.as_of.year, year - new.evidence.as_of.year
        rows = found[found["target_end_date"] == f"{year}-12-31"]
        at_bridge = state(old, beliefs, then), state(new, beliefs, now)
        own = state(old, {}, then), state(new, {}, now)
        np.testing.assert_allclose(rows["prior"], at_bridge[0] - own[0] + own[1] - at_bridge[1], rtol=0, atol=1e-9)
        np.testing.assert_allclose(rows["data"], former[now - 1] - at_bridge[0], rtol=0, atol=3e-6)
        np.testing.assert_allclose(rows[BRIDGE], at_bridge[1] - former[now - 1], rtol=0, atol=3e-6)


def test_time_asks_the_former_models_and_labels_by_the_former_rule(bridges: Path) -> None:
    """The former models on the new evidence are asked one year later; a year that has passed by then is labelled by
    the rule under which they forecast."""
    old, new = former_side(), present_side(SHARES)
    found = split(old, new, "horizon", bridges).table
    former = mixture(load_bridge(bridges).before)
    label = resolve(new.evidence.events, 2025, RULE_1).state
    passed = np.array([float(label == name) for name in STATES])
    for ahead, known in ((1, passed), (3, former[1])):
        rows = found[found["horizon"] == ahead]
        time = (state(old, {}, ahead + 1) - state(old, {}, ahead) + former[ahead - 1] - known) / 2
        np.testing.assert_allclose(rows["time"], time, rtol=0, atol=3e-6)
    assert set(found["horizon"]) == {1, 2, 3, 4}


@pytest.mark.parametrize("by", ["date", "horizon"])
def test_without_a_bridge_what_is_missing_and_how_to_have_it_is_said(by: str, tmp_path: Path) -> None:
    found = split(former_side(MOVED), present_side(WEIGHTS), by, tmp_path)
    assert found.parts[-1] == TOGETHER
    assert {"prior", "model"} <= set(found.parts)
    assert set(found.game.together) == {"data", BRIDGE} | ({"time"} if by == "horizon" else set())
    assert left_over(found) < EXACT
    assert (found.table["prior"].abs() > 0).any()
    assert "got no rule-1.zip" in found.notes[1]
    assert "git log --grep 'For the bridge'" in found.notes[1]


def test_a_bridge_that_leads_elsewhere_is_told_from_a_missing_one(bridges: Path, tmp_path: Path) -> None:
    new = present_side()
    other = replace(new.evidence, events=new.evidence.events[:-1])
    shutil.copytree(bridges, tmp_path, dirs_exist_ok=True)
    load_bridge.cache_clear()
    for rule, seed in ((RULE_1, 5), (RULE_2, 6)):
        moved = bridge_forecast(rule, seed)
        seen = replace(moved.evidence, digest=other.digest)
        (tmp_path / f"{rule.version}.zip").write_bytes(snapshot_bytes(replace(moved, evidence=seen), {}))
    found = split(former_side(), new, "date", tmp_path)
    assert "does not lead there: it was fitted to the evidence" in found.notes[1]
    assert found.parts[-1] == TOGETHER


def test_a_bridge_that_goes_on_to_the_present_models_leads_to_newer_evidence(tmp_path: Path) -> None:
    write_bridge(tmp_path, later=True)
    found = split(former_side(MOVED), present_side(SHARES), "date", tmp_path)
    assert found.parts == ("data", "prior", "model", "time", BRIDGE)
    assert left_over(found) < EXACT
    bridge = load_bridge(tmp_path)
    step = mixture(bridge.later) - mixture(bridge.before)
    rows = found.table[found.table["target_end_date"] == "2028-12-31"]
    np.testing.assert_allclose(rows[BRIDGE], step[2], rtol=0, atol=3e-6)


def test_a_bridge_of_forecasts_that_do_not_belong_together_is_refused(bridges: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingFitError, match=r"got no rule-1\.zip"):
        load_bridge(tmp_path)
    for name in ("rule-1.zip", "rule-2.zip"):
        shutil.copy(bridges / "rule-1.zip", tmp_path / name)
    with pytest.raises(StaleFitError, match=r"rule-2\.zip: got a forecast under rule-1, expected rule-2"):
        load_bridge(tmp_path)
    moved = bridge_forecast(RULE_2, 6)
    seen = replace(moved, evidence=replace(moved.evidence, digest="0" * 64))
    (tmp_path / "rule-2.zip").write_bytes(snapshot_bytes(seen, {}))
    with pytest.raises(StaleFitError, match="other evidence, expected the same"):
        load_bridge(tmp_path)


def test_same_evidence_under_two_rules_needs_no_bridge() -> None:
    """Nothing but rule and structure lies between the two, so that the whole change is theirs."""
    new = present_side()
    old = replace(new, snapshot=replace(new.snapshot, rule=bridge_forecast(RULE_1, 5).rule))
    chain = across.Chain(old, present_side(seed=5), "date", None)
    assert chain.game.changed == (BRIDGE,)
    assert chain.game.together == ()


def test_the_explanation_begins_with_the_question() -> None:
    told = compare(former_side().snapshot, present_side().snapshot).explanation
    assert told[0].startswith("The question changed")
    assert "The outcome rule was rule-1 and is rule-2." in told
