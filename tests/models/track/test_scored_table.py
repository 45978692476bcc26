"""The long table: marks, statuses and scores against a hand-computed example and an independent implementation."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import ModuleType

import numpy as np
import pytest

from models.names import (
    HORIZONS,
    MODEL_M0,
    MODEL_MIXTURE,
    STATES,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
    TARGETS,
)
from models.outcome.rule import RULE, RULE_1
from models.record.entries import HINDCAST, LIVE, SavedForecast
from models.scores.rules import FLOOR
from models.track.marks import first_day, mark
from models.track.scored_table import BASE_RATE, DEFAULT, P_YES, P, scored_table
from tests.support.values.saved import digest_of, published, random_chances, resolved, saved, saved_within

TODAY = date(2026, 11, 23)
LAST_DIGIT = 1e-12
"""Sums of four squares in another order differ by some 1e-16."""


def cell(table, target: str, horizon: int, model: str = MODEL_MIXTURE, **columns: object):
    rows = table[(table["target"] == target) & (table["horizon"] == horizon) & (table["model_id"] == model)]
    for name, value in columns.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def test_three_forecasts_scored_by_hand() -> None:
    forecasts = [
        saved(1, 2023, (0.1, 0.2, 0.3, 0.4)),
        saved(2, 2023, (0.0, 0.0, 1.0, 0.0)),
        saved(3, 2023, (1.0, 0.0, 0.0, 0.0)),
    ]
    table = scored_table(forecasts, [resolved(4, 2024, "transactional")], TODAY)
    first, sure, wrong = (cell(table, TARGET_STATE, 1, sequence=number) for number in (1, 2, 3))
    # 0.1^2 + 0.2^2 + 0.7^2 + 0.4^2; cumulated 0.1, 0.3, 0.6 against 0, 0, 1
    assert first["brier"] == pytest.approx(0.01 + 0.04 + 0.49 + 0.16, abs=LAST_DIGIT)
    assert first["rps"] == pytest.approx(0.01 + 0.09 + 0.16, abs=LAST_DIGIT)
    assert first["log"] == pytest.approx(-np.log(0.3), abs=LAST_DIGIT)
    assert (sure["brier"], sure["rps"], sure["log"]) == (0, 0, 0)
    assert (wrong["brier"], wrong["rps"]) == (2, 2)
    assert wrong["log"] == pytest.approx(-np.log(FLOOR), abs=LAST_DIGIT)
    window = cell(table, TARGET_DEEPER, 1, sequence=1)  # half for a yes that did not come
    assert (window["observed"], window["brier"], window["rps"]) == ("no", 0.5, 0.25)
    assert window["log"] == pytest.approx(np.log(2), abs=LAST_DIGIT)


@pytest.mark.slow
def test_scores_agree_with_an_independent_implementation(scoringrules: ModuleType) -> None:
    rng = np.random.default_rng(5)
    years = {year: str(rng.choice(STATES)) for year in range(2001, 2025)}
    answers = [resolved(100 + year, year, state) for year, state in years.items()]
    forecasts = [
        saved(index, origin, random_chances(rng), random_chances(rng), random_chances(rng))
        for index, origin in enumerate(range(2000, 2020), start=1)
    ]
    table = scored_table(forecasts, answers, TODAY)
    rows = table[table["target"] == TARGET_STATE]
    assert len(rows) == 20 * 4 * len(HORIZONS)  # the mixture, M0, the default and the usual base rate
    p, codes = rows[list(P)].to_numpy(), rows["observed"].map(STATES.index).to_numpy() + 1  # theirs count from 1
    np.testing.assert_allclose(rows["rps"], scoringrules.rps_score(codes, p), rtol=0, atol=LAST_DIGIT)
    happened = np.eye(len(STATES))[codes - 1]
    brier = sum(scoringrules.brier_score(happened[:, k], p[:, k]) for k in range(len(STATES)))
    np.testing.assert_allclose(rows["brier"], brier, rtol=0, atol=LAST_DIGIT)
    given = p[np.arange(len(p)), codes - 1]
    ignorance = scoringrules.log_score(np.ones(len(p)), np.maximum(given, FLOOR))
    np.testing.assert_allclose(rows["log"], ignorance, rtol=0, atol=LAST_DIGIT)
    windows = table[table["target"] != TARGET_STATE]
    yes = (windows["observed"] == "yes").to_numpy(dtype=float)
    np.testing.assert_allclose(
        windows["rps"], scoringrules.brier_score(yes, windows[P_YES].to_numpy()), rtol=0, atol=LAST_DIGIT
    )


def test_a_mark_belongs_to_a_forecast_and_a_day() -> None:
    late = saved(1, 2024, saved_at=datetime(2026, 11, 23, tzinfo=UTC))
    back = saved(2, 2024, kind=HINDCAST)
    table = scored_table([late, back], [], TODAY)
    for one, marks in ((late, [HINDCAST, LIVE, LIVE, LIVE, LIVE]), (back, [HINDCAST] * 5)):
        rows = table[(table["digest"] == one.digest) & (table["target"] == TARGET_STATE)]
        own = rows[rows["model_id"] == MODEL_MIXTURE].sort_values("horizon")
        assert list(own["mark"]) == marks
        assert list(own["mark"]) == [mark(one, date(2024 + h, 12, 31)) for h in HORIZONS]


def test_only_what_is_resolved_has_a_score() -> None:
    answers = [
        resolved(2, 2021, "deeper"),
        resolved(3, 2022, "", status="annulled"),
        resolved(4, 2023, "strain", status="disputed"),
    ]
    table = scored_table([saved(1, 2020)], answers, date(2024, 6, 1))
    found = [cell(table, TARGET_STATE, h) for h in HORIZONS]
    assert [one["status"] for one in found] == ["resolved", "annulled", "disputed", "open", "open"]
    assert [np.isfinite(one["rps"]) for one in found] == [True, False, False, False, False]
    assert [one["observed"] for one in found] == ["deeper", "", "", "", ""]
    later = scored_table([saved(1, 2020)], [*answers, resolved(5, 2023, "strain")], date(2024, 6, 1))
    assert cell(later, TARGET_STATE, 3)["status"] == "resolved"  # the newest resolution counts
    both = [saved(1, 2020), saved(6, 2020, rule=RULE_1.digest)]
    own = scored_table(both, [*answers, resolved(7, 2021, "strain", rule=RULE_1.digest)], date(2024, 6, 1))
    told = own[(own["target_year"] == 2021) & (own["target"] == TARGET_STATE)].groupby("rule")["observed"].unique()
    assert {rule: list(seen) for rule, seen in told.items()} == {RULE.digest: ["deeper"], RULE_1.digest: ["strain"]}


def test_a_window_follows_from_its_year_ends_and_waits_for_its_day() -> None:
    def windows(target: str, *states: str, today: date = TODAY) -> list[tuple[str, str]]:
        answers = [resolved(10 + i, 2021 + i, one, status="resolved") for i, one in enumerate(states)]
        table = scored_table([saved(1, 2020)], answers, today)
        return [tuple(cell(table, target, h)[["status", "observed"]]) for h in HORIZONS]

    calm = ("strain", "rupture", "strain", "strain", "strain")
    assert windows(TARGET_RUPTURE, *calm) == [("resolved", one) for one in ("no", "yes", "yes", "yes", "yes")]
    assert windows(TARGET_DEEPER, *calm) == [("resolved", "no")] * 5
    early = windows(TARGET_RUPTURE, *calm[:2], today=date(2023, 6, 1))
    assert early == [("resolved", "no"), ("resolved", "yes"), ("open", ""), ("open", ""), ("open", "")]
    silent = windows(TARGET_RUPTURE, *calm[:2], today=date(2024, 6, 1))  # 2023 has passed, nobody has answered
    assert silent[2] == ("due", "")


@pytest.mark.parametrize(("status", "outcome"), [("disputed", ""), ("annulled", "")])
def test_a_gap_sets_a_window_aside_whatever_the_rest_says(status: str, outcome: str) -> None:
    """Windows with a gap that count when they are yeses, and never when they are noes, would be yeses too often."""
    answers = [resolved(2, 2021, outcome, status=status), resolved(3, 2022, "rupture"), resolved(4, 2023, "strain")]
    table = scored_table([saved(1, 2020)], answers, date(2024, 6, 1))
    for target in (TARGET_RUPTURE, TARGET_DEEPER):
        assert (cell(table, target, 3)["status"], cell(table, target, 3)["observed"]) == (status, "")
    silent = scored_table([saved(1, 2020)], answers[1:], date(2024, 6, 1))
    assert cell(silent, TARGET_RUPTURE, 3)["status"] == "due"


def test_a_window_of_which_a_year_end_had_come_is_a_hindcast() -> None:
    late = saved(1, 2020, saved_at=datetime(2022, 6, 1, tzinfo=UTC))
    early = saved(2, 2020)
    table = scored_table([late, early], [], TODAY)
    for one, marks in ((late, {TARGET_RUPTURE: HINDCAST, TARGET_STATE: LIVE}), (early, dict.fromkeys(TARGETS, LIVE))):
        for target, expected in marks.items():
            assert cell(table, target, 5, sequence=one.sequence)["mark"] == expected
    for row in table.itertuples():  # the column and the function say the same
        one, end = (late, early)[row.sequence - 1], row.target_end_date.date()
        assert row.mark == mark(one, first_day(one.reference_date, row.target, end))


def test_a_forecast_from_within_a_year_asks_about_its_own_year_end_first() -> None:
    within, before, after = saved_within(1, date(2020, 10, 8)), saved(2, 2019), saved(3, 2020)
    answers = [resolved(10 + year, 2000 + year, state) for year, state in ((20, "rupture"), (21, "strain"))]
    table = scored_table([within, before, after], answers, TODAY)
    own = table[(table["sequence"] == 1) & (table["model_id"] == MODEL_MIXTURE)]
    assert own.groupby("target")["horizon"].apply(list).to_dict() == {target: [0, 1, 2, 3, 4, 5] for target in TARGETS}
    nowcast, same_day = cell(own, TARGET_STATE, 0), cell(table, TARGET_STATE, 1, sequence=2)
    assert nowcast["target_end_date"] == same_day["target_end_date"]  # comparable by the day asked about
    assert (nowcast["observed"], same_day["observed"]) == ("rupture", "rupture")
    # a window from within the year counts that year's end, one from its end does not
    assert cell(own, TARGET_RUPTURE, 1)["observed"] == "yes"
    assert cell(table, TARGET_RUPTURE, 1, sequence=3)["observed"] == "no"
    assert cell(own, TARGET_STATE, 1)["origin"] < cell(table, TARGET_STATE, 1, sequence=3)["origin"]


def test_a_nowcast_is_live_until_its_year_ends_and_so_are_its_windows() -> None:
    day = date(2026, 10, 8)
    early = saved_within(1, day, saved_at=datetime(2026, 11, 28, tzinfo=UTC))
    late = saved_within(2, day, saved_at=datetime(2027, 1, 2, tzinfo=UTC))
    table = scored_table([early, late], [], TODAY)
    for target in TARGETS:
        assert set(table[(table["sequence"] == 1) & (table["target"] == target)]["mark"]) == {LIVE}
    assert cell(table, TARGET_STATE, 0, sequence=2)["mark"] == HINDCAST
    assert cell(table, TARGET_STATE, 1, sequence=2)["mark"] == LIVE
    assert cell(table, TARGET_DEEPER, 5, sequence=2)["mark"] == HINDCAST
    for row in table.itertuples():
        one = (early, late)[row.sequence - 1]
        assert row.mark == mark(one, first_day(day, row.target, row.target_end_date.date()))


def test_the_base_rate_is_at_its_default_or_not_known() -> None:
    """Somebody who moves M0's hazard must not choose the base rate to be measured against."""
    own, usual, reasons = (0.9, 0.1, 0.0, 0.0), (0.1, 0.2, 0.3, 0.4), {"rupture_hazard": "Because."}
    moved = saved(1, 2020, base=own, changed=("rupture_hazard",), reasons=reasons)
    alone = scored_table([moved], [], TODAY)
    assert BASE_RATE not in set(alone["model_id"])
    other = saved(2, 2020, base=usual)
    both = scored_table([moved, other], [], TODAY)
    for number in (1, 2):
        assert tuple(cell(both, TARGET_STATE, 1, BASE_RATE, sequence=number)[list(P)]) == usual
    assert tuple(cell(both, TARGET_STATE, 1, MODEL_M0, sequence=1)[list(P)]) == own
    foreign = saved(3, 2020, base=usual, evidence=digest_of("other rows"))
    assert set(scored_table([moved, foreign], [], TODAY).query("model_id == 'base_rate'")["sequence"]) == {3}
    default = {MODEL_MIXTURE: published(usual), MODEL_M0: published(usual)}
    kept = saved(4, 2020, base=own, changed=("rupture_hazard",), reasons=reasons)
    kept = scored_table([replace(kept, default=default)], [], TODAY)
    assert tuple(cell(kept, TARGET_STATE, 1, BASE_RATE)[list(P)]) == usual


def test_every_model_stands_in_the_table_and_an_unknown_default_does_not() -> None:
    table = scored_table([saved(1, 2020), saved(2, 2020, default=None)], [], TODAY)
    assert table.groupby("sequence")["model_id"].unique().map(set).to_dict() == {
        1: {MODEL_MIXTURE, MODEL_M0, DEFAULT, BASE_RATE},
        2: {MODEL_MIXTURE, MODEL_M0, BASE_RATE},
    }
    assert set(scored_table([], [], TODAY).columns) == set(table.columns)


def test_chances_stand_at_their_own_horizon() -> None:
    one: SavedForecast = saved(1, 2020)
    rising = {
        TARGET_STATE: tuple((h / 10, 0.1, 0.1, 0.8 - h / 10) for h in HORIZONS),
        TARGET_RUPTURE: tuple(h / 20 for h in HORIZONS),
        TARGET_DEEPER: tuple(h / 30 for h in HORIZONS),
    }
    table = scored_table([saved(2, 2020, published={MODEL_MIXTURE: rising}), one], [], TODAY)
    for h in HORIZONS:
        assert cell(table, TARGET_STATE, h, sequence=2)["p_rupture"] == h / 10
        assert cell(table, TARGET_RUPTURE, h, sequence=2)[P_YES] == h / 20
        assert cell(table, TARGET_DEEPER, h, sequence=2)[P_YES] == h / 30
    assert published((0.25,) * 4)[TARGET_DEEPER] == (0.5,) * 5
