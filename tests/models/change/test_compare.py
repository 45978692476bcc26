"""What changed between two snapshots is named, and a change of numbers without a cause is called that."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from data.types import Evidence
from models.change.compare import COLUMNS, ERROR_FACTOR, Comparison, compare
from models.library.library import Library
from models.measures.structure import ALIGNMENT
from models.names import HORIZONS, MODEL_M1, MODEL_MIXTURE, MODELS, PMF, TABLE_COLUMNS
from models.snapshot.parts import Version
from models.snapshot.value import Snapshot
from tests.support.values.factories import synthetic_library, synthetic_snapshot

QUESTIONS = len(HORIZONS) * (len(MODELS) * (4 + 2 + 2) + 3 * 3)
"""Of every model a state and two windows; of M1, M3 and the mixture three words."""


@pytest.fixture(scope="module")
def library(evidence: Evidence) -> Library:
    return synthetic_library(evidence)


@pytest.fixture(scope="module")
def base(evidence: Evidence, library: Library) -> Snapshot:
    return synthetic_snapshot(evidence, library)


def told(result: Comparison) -> str:
    return "\n".join(result.explanation)


def kinds(result: Comparison) -> set[str]:
    return {change.kind for change in result.changes}


def with_events(evidence: Evidence, events: Mapping[str, object]) -> Evidence:
    """The same evidence with some events replaced by id, or left out when None is given."""
    kept = [events.get(event.id, event) for event in evidence.events]
    return replace(evidence, events=tuple(event for event in kept if event is not None))


def with_values(snapshot: Snapshot, change) -> Snapshot:
    """Edit the numbers of the table by hand: `change(row as mapping) -> value`."""
    rows = [dict(zip(TABLE_COLUMNS, row, strict=True)) for row in snapshot.results]
    return replace(snapshot, results=tuple((*tuple(row.values())[:-1], change(row)) for row in rows))


def test_a_snapshot_is_the_same_as_itself(base: Snapshot) -> None:
    result = compare(base, base)
    assert result.same_numbers
    assert result.changes == ()
    assert told(result) == f"All {QUESTIONS} shared probabilities are the same.\n" + (
        "Evidence, rule, model, library and assumptions are the same."
    )


def test_moved_assumptions_are_named_with_their_values(base: Snapshot, evidence: Evidence, library: Library) -> None:
    moved = synthetic_snapshot(evidence, library, {"C01": 2.0, "persistence": 0.7}, {"C01": "why\nnot"})
    usual = base.assumptions.values["persistence"]
    result = compare(base, moved)
    assert kinds(result) == {"assumption", "reason"}
    assert "The assumption C01 was 1.6 and is 2." in result.explanation
    assert f"The assumption persistence was {usual:g} and is 0.7." in result.explanation
    assert "The reason for C01 is new: “why not”." in result.explanation
    assert not result.same_numbers
    assert "Nothing that the snapshots record" not in told(result)


def test_a_reason_alone_moves_no_number(base: Snapshot, evidence: Evidence, library: Library) -> None:
    result = compare(base, synthetic_snapshot(evidence, library, {}, {"C01": "why"}))
    assert result.same_numbers
    assert kinds(result) == {"reason"}


def test_changed_missing_and_new_ledger_rows_are_told_apart(base: Snapshot, evidence: Evidence) -> None:
    edited, gone = evidence.events[-1], evidence.events[5]
    other = with_events(evidence, {edited.id: replace(edited, summary="Another sentence."), gone.id: None})
    then = synthetic_snapshot(other, synthetic_library(other))
    forward, back = compare(base, then), compare(then, base)
    assert f"The ledger row {edited.id} changed." in forward.explanation
    assert f"The ledger row {gone.id} is gone." in forward.explanation
    assert f"The ledger row {gone.id} was added." in back.explanation
    assert {change.name for change in forward.changes if change.kind == "ledger row"} == {edited.id, gone.id}
    assert "indicator" not in kinds(forward)


def test_many_changed_rows_are_counted_not_listed(base: Snapshot, evidence: Evidence) -> None:
    edited = {event.id: replace(event, coding_note="checked again") for event in evidence.events[:40]}
    other = with_events(evidence, edited)
    result = compare(base, synthetic_snapshot(other, synthetic_library(other)))
    assert len([change for change in result.changes if change.kind == "ledger row"]) == 40
    assert "And 30 more changes of this kind (ledger row)." in result.explanation
    assert len(result.explanation) < 20


def test_rule_model_fit_seed_and_packages_are_named(base: Snapshot) -> None:
    anchor, *members = base.library.anchors
    anchors = (replace(anchor, seed=5), replace(anchor, name="C01 high", fit_key="3" * 64), *members)
    other = replace(
        base,
        rule=replace(base.rule, digest="0" * 64),
        model=Version(version="m1-9", digest="1" * 64),
        library=replace(base.library, key="2" * 64, draws=50, anchors=anchors),
        seeds={**base.seeds, "base_rate_intervals": 5},
        packages={**base.packages, "numpy": "9.9"},
    )
    result = compare(base, other)
    assert kinds(result) == {
        "outcome rule",
        "model",
        "library",
        "seed",
        "package",
        "questions",
    }  # words of another rule
    text = told(result)
    assert (
        f"The outcome rule was rule-2 with constants {base.rule.digest[:8]} and is rule-2 with constants 0000" in text
    )
    assert f"The model was {ALIGNMENT.version} and is m1-9." in text
    assert "The library size was 400 draws and is 50 draws." in text
    assert f"The library fit base was {anchor.fit_key[:12]} with seed 20241231 and is {anchor.fit_key[:12]}" in text
    assert "The library fit C01 high is new: 333333333333 with seed 20241231." in text
    assert "and is 9.9." in text


def test_numbers_that_move_without_a_cause_are_called_that(base: Snapshot) -> None:
    tampered = with_values(base, lambda row: row["value"] * 0.9 if row["output_type"] == PMF else row["value"])
    result = compare(base, tampered)
    assert not result.same_numbers
    assert "Nothing that the snapshots record explains the difference" in result.explanation[-1]


def test_rounding_of_another_machine_is_no_difference(base: Snapshot) -> None:
    result = compare(base, with_values(base, lambda row: row["value"] * (1 + 1e-14)))
    assert result.same_numbers
    assert not result.rows["beyond_error"].any()


def test_differences_are_measured_against_the_combined_error(
    base: Snapshot, evidence: Evidence, library: Library
) -> None:
    moved = synthetic_snapshot(evidence, library, {"persistence": 0.9, "outside_view_weight": 0.9})
    rows = compare(base, moved).rows
    assert list(rows.columns) == COLUMNS
    row = rows[(rows["model_id"] == MODEL_M1) & (rows["output_type_id"] == "strain")].iloc[2]
    keys = {"model_id": MODEL_M1, "target_end_date": row["target_end_date"], "output_type_id": "strain"}
    found = [values_of(snapshot, keys) for snapshot in (base, moved)]
    np.testing.assert_allclose(row["difference"], found[1]["pmf"] - found[0]["pmf"], rtol=0, atol=1e-15)
    np.testing.assert_allclose(row["error"], (found[0]["mcse"] ** 2 + found[1]["mcse"] ** 2) ** 0.5, rtol=1e-12)
    assert row["beyond_error"] == (abs(row["difference"]) > ERROR_FACTOR * row["error"])
    assert 0 < rows["beyond_error"].sum() < len(rows)


def values_of(snapshot: Snapshot, keys: Mapping[str, str]) -> dict[str, float]:
    table = snapshot.table
    for column, value in keys.items():
        table = table[table[column] == value]
    return dict(zip(table["output_type"], table["value"], strict=True))


def test_a_no_has_the_error_of_its_yes(base: Snapshot, evidence: Evidence, library: Library) -> None:
    rows = compare(base, synthetic_snapshot(evidence, library, {"persistence": 0.9})).rows
    sides = {side: rows[rows["output_type_id"] == side].reset_index(drop=True) for side in ("yes", "no")}
    assert len(sides["no"]) == len(MODELS) * len(HORIZONS) * 2
    np.testing.assert_array_equal(sides["yes"]["error"], sides["no"]["error"])
    np.testing.assert_array_equal(sides["yes"]["beyond_error"], sides["no"]["beyond_error"])


def test_forecasts_of_different_years_meet_on_the_day_that_is_asked_about(base: Snapshot, evidence: Evidence) -> None:
    earlier = evidence.visible(evidence.as_of.replace(year=evidence.as_of.year - 1))
    then = synthetic_snapshot(earlier, synthetic_library(earlier))
    result = compare(then, base)
    assert set(result.rows["target_end_date"]) == {f"{year}-12-31" for year in range(2026, 2030)}
    assert "The reference date was 2024-12-31 and is 2025-12-31." in result.explanation
    assert {"reference date", "ledger row", "indicator", "questions"} <= kinds(result)
    assert not result.same_numbers


def test_the_largest_move_told_is_that_of_the_published_forecast(
    base: Snapshot, evidence: Evidence, library: Library
) -> None:
    result = compare(base, synthetic_snapshot(evidence, library, {"persistence": 0.9}))
    rows = result.rows[result.rows["model_id"] == MODEL_MIXTURE]
    largest = rows.loc[rows["difference"].abs().idxmax()]
    assert f"{largest['old']:.4f} → {largest['new']:.4f}" in result.explanation[0]
    assert f"{int(result.rows['beyond_error'].sum())} of {QUESTIONS}" in result.explanation[0]


def test_a_years_word_is_the_same_question_only_against_the_same_tone(base: Snapshot) -> None:
    words = compare(base, base).rows["target"] == "year_mean_class"
    assert words.sum() == 3 * len(HORIZONS) * 3
    other = compare(base, replace(base, tone=base.tone + 0.5))
    assert not (other.rows["target"] == "year_mean_class").any()
    assert "questions" in {change.kind for change in other.changes}


def test_nothing_in_common_is_no_error(base: Snapshot) -> None:
    other = replace(base, results=tuple(("another_model", *row[1:]) for row in base.results))
    result = compare(base, other)
    assert result.explanation[0] == "The two snapshots have no question in common."
    assert not result.same_numbers
