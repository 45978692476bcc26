"""Who did better: pairs beside their references, one question once, and no verdict from too little."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.names import HORIZONS, MODEL_M0, MODEL_MIXTURE, STATES, TARGET_RUPTURE, TARGET_STATE
from models.record.entries import HINDCAST, LIVE, SavedForecast
from models.scores.bootstrap import pooled_interval
from models.track.scored_table import DEFAULT, scored_table
from models.track.track_record import (
    BETTER,
    BY_AUTHOR,
    BY_HORIZON,
    BY_MODEL,
    BY_VARIANT,
    MINIMUM_DATES,
    TOO_FEW,
    UNCLEAR,
    WORSE,
    _interval,
    calibration,
    counts,
    paired,
    summary,
    verdict,
)
from tests.support.values.saved import random_chances, resolved, saved, saved_within

TODAY = date(2026, 11, 23)
GOOD, BAD = (0.02, 0.03, 0.05, 0.9), (0.9, 0.05, 0.03, 0.02)
ROUNDING = 1e-12


def answers(first: int, last: int, state: str = "deeper") -> list:
    return [resolved(1000 + year, year, state) for year in range(first, last + 1)]


def rps_of(forecasts: list[SavedForecast], resolutions: list, by: tuple[str, ...] = ()) -> pd.DataFrame:
    found = summary(paired(scored_table(forecasts, resolutions, TODAY)), by)
    return found[found["score"] == "rps"].reset_index(drop=True)


def series(ours, base, first: int = 2000, last: int = 2019, **fields) -> list[SavedForecast]:
    return [saved(year, year, ours, base, **fields) for year in range(first, last + 1)]


def test_a_long_clear_difference_is_said_and_a_short_one_is_not() -> None:
    known = answers(2001, 2024)
    assert rps_of(series(GOOD, BAD), known)["verdict_base_rate"].tolist() == [BETTER]
    assert rps_of(series(BAD, GOOD), known)["verdict_base_rate"].tolist() == [WORSE]
    assert rps_of(series(GOOD, GOOD), known)["verdict_base_rate"].tolist() == [UNCLEAR]
    short = rps_of(series(GOOD, BAD, 2015, 2019), answers(2001, 2024))
    assert (short.loc[0, "dates"], short.loc[0, "verdict_base_rate"]) == (9, TOO_FEW)
    assert short.loc[0, "dates"] < MINIMUM_DATES


def test_means_and_intervals_are_those_of_the_paired_differences() -> None:
    rng = np.random.default_rng(8)
    known = [resolved(1000 + year, year, str(rng.choice(STATES))) for year in range(2001, 2025)]
    forecasts = [saved(year, year, random_chances(rng), random_chances(rng)) for year in range(2000, 2020)]
    pairs = paired(scored_table(forecasts, known, TODAY))
    row = summary(pairs).set_index("score").loc["brier"]
    wide = pairs.assign(d=pairs["brier"] - pairs["brier_base_rate"]).pivot_table(
        index="origin", columns="horizon", values="d"
    )
    interval = pooled_interval(wide.to_numpy(), 5)
    assert row["ours"] == pytest.approx(pairs["brier"].mean(), abs=ROUNDING)
    assert row["difference_base_rate"] == pytest.approx(interval.mean, abs=ROUNDING)
    assert (row["low_base_rate"], row["high_base_rate"]) == (interval.low, interval.high)
    assert (row["dates"], row["questions"], row["forecasts"]) == (24, 100, 20)


@settings(max_examples=8, deadline=None)
@given(copies=st.lists(st.integers(0, 7), min_size=0, max_size=12), order=st.randoms(use_true_random=False))
def test_saving_again_or_in_another_order_makes_no_skill(copies: list[int], order) -> None:
    """Eight saves of few questions; any of them saved again, any order: the answer stays, to the last digit."""
    once = [saved(year, year, GOOD, BAD) for year in range(2012, 2020)]
    again = [saved(100 + place, 2012 + which, GOOD, BAD) for place, which in enumerate(copies)]
    many = [*once, *again]
    order.shuffle(many)
    known = answers(2001, 2018)
    few, more = rps_of(once, known), rps_of(many, known)
    assert few.loc[0, "verdict_base_rate"] == more.loc[0, "verdict_base_rate"] == TOO_FEW
    for column in ("ours", "base_rate", "difference_base_rate"):
        assert more.loc[0, column] == pytest.approx(few.loc[0, column], abs=ROUNDING)
    assert (more.loc[0, "dates"], more.loc[0, "questions"]) == (few.loc[0, "dates"], few.loc[0, "questions"])


def test_a_thousand_variants_of_one_question_stay_one_question() -> None:
    rng = np.random.default_rng(3)
    many = [saved(i, 2019, random_chances(rng), BAD, author=f"A{i % 3}") for i in range(1, 200)]
    found = rps_of(many, answers(2020, 2024), BY_AUTHOR)
    assert found["verdict_base_rate"].tolist() == [TOO_FEW] * 3
    assert found["questions"].tolist() == [5] * 3
    assert found["forecasts"].sum() == 199


def test_saving_the_better_of_two_a_hundred_times_hides_nothing() -> None:
    bad, good = saved(1, 2020, BAD), saved(2, 2020, GOOD)
    again = [saved(number, 2020, GOOD) for number in range(3, 103)]
    known = answers(2021, 2024)
    honest, loud = rps_of([bad, good], known, BY_AUTHOR), rps_of([bad, good, *again], known, BY_AUTHOR)
    assert loud["ours"].tolist() == pytest.approx(honest["ours"].tolist(), abs=ROUNDING)
    assert (honest["forecasts"].item(), loud["forecasts"].item()) == (2, 102)
    curves = [calibration(scored_table(all_of, known, TODAY), LIVE, "deeper") for all_of in ([bad, good], again)]
    assert curves[0].curve.table["forecast"].item() == pytest.approx((BAD[3] + GOOD[3]) / 2, abs=ROUNDING)
    mixed = calibration(scored_table([bad, good, *again], known, TODAY), LIVE, "deeper")
    assert mixed.curve.table["forecast"].item() == pytest.approx((BAD[3] + GOOD[3]) / 2, abs=ROUNDING)


def test_nobody_is_better_than_a_base_rate_of_their_own() -> None:
    moved = {"changed": ("rupture_hazard",), "reasons": {"rupture_hazard": "To be beaten."}}
    own = rps_of(series(GOOD, BAD, **moved), answers(2001, 2024)).iloc[0]
    assert (np.isnan(own["base_rate"]), own["verdict_base_rate"]) == (True, TOO_FEW)
    usual = [saved(5000 + year, year, GOOD, GOOD, author="Bo") for year in range(2000, 2020)]
    both = rps_of([*series(GOOD, BAD, **moved), *usual], answers(2001, 2024), BY_AUTHOR).set_index("author")
    assert both.loc["Ada", "verdict_base_rate"] == UNCLEAR


def test_a_reference_that_is_known_for_few_year_ends_gives_no_verdict() -> None:
    known = [saved(year, year, GOOD, BAD, default=BAD if year in (2000, 2005) else None) for year in range(2000, 2020)]
    ahead = rps_of(known, answers(2001, 2024), BY_HORIZON)
    assert set(ahead["verdict_default"]) == {TOO_FEW}
    assert set(ahead["verdict_base_rate"]) == {BETTER}


def test_the_nowcast_is_pooled_with_no_other_horizon() -> None:
    """It is right about what is settled; further ahead the same author is wrong."""
    days = [date(year, 10, 8) for year in range(2004, 2020)]
    bad = [saved_within(day.year, day, BAD) for day in days]
    nearly = {model: {**bad[0].published[model]} for model in bad[0].published}
    nearly["mixture"][TARGET_STATE] = (GOOD, *nearly["mixture"][TARGET_STATE][1:])
    mixed = [replace(one, published=nearly) for one in bad]
    known = answers(2001, 2024)
    whole, worse = rps_of(mixed, known), rps_of(bad, known)
    assert whole["ours"].item() == worse["ours"].item()
    ahead = rps_of(mixed, known, BY_HORIZON).set_index("horizon")
    assert list(ahead.index) == [0, 1, 2, 3, 4, 5]
    assert ahead.loc[0, "ours"] < ahead.loc[1, "ours"]
    curve = calibration(scored_table(mixed, known, TODAY), LIVE, "deeper").curve.table
    assert curve["forecast"].tolist() == pytest.approx([BAD[3]], abs=ROUNDING)


def test_a_forecast_a_week_is_one_question_a_year_and_keeps_its_day() -> None:
    """What a day within a year says is not what its end says; and fifty days of one year are no fifty years."""
    weekly = [saved_within(10 + week, date(2020, 2, 1) + timedelta(weeks=week), GOOD) for week in range(20)]
    at_end = saved(1, 2020, BAD)
    table = scored_table([*weekly, at_end], answers(2020, 2024), TODAY)
    assert table["origin"].nunique() == 21
    ahead = summary(paired(table), BY_HORIZON).query("score == 'rps'").set_index("horizon")
    assert (ahead.loc[1, "questions"], ahead.loc[1, "dates"], ahead.loc[1, "forecasts"]) == (1, 1, 21)


def test_luck_that_lasts_is_not_taken_for_foresight() -> None:
    """Differences that persist without meaning anything: the plain interval of one year ahead is fooled every third
    time; measured here 0.04 in 300, so that more than 5 of 40 come once in 100."""
    rng, clear = np.random.default_rng(17), 0
    for _ in range(40):
        luck = rng.standard_normal(60)
        for year in range(1, 60):
            luck[year] += 0.7 * luck[year - 1]
        cells = pd.DataFrame({"target_year": range(2001, 2011), "horizon": 1, "value": luck[-10:]})
        interval = _interval(cells)
        clear += verdict(interval, 10) in (BETTER, WORSE)
    assert clear <= 5


def test_live_and_hindcast_share_no_row() -> None:
    live = series(GOOD, BAD)
    back = [saved(5000 + year, year, BAD, BAD, kind=HINDCAST) for year in range(2000, 2020)]
    found = rps_of([*live, *back], answers(2001, 2024), BY_AUTHOR)
    alone = rps_of(live, answers(2001, 2024), BY_AUTHOR)
    pd.testing.assert_frame_equal(found[found["mark"] == LIVE].reset_index(drop=True), alone)
    assert set(found["mark"]) == {LIVE, HINDCAST}
    late = saved(1, 2020, saved_at=datetime(2022, 6, 1, tzinfo=UTC))  # the first of its days had passed
    marks = rps_of([late], answers(2021, 2024))
    assert marks.set_index("mark")["questions"].to_dict() == {HINDCAST: 1, LIVE: 3}


def test_groups_by_horizon_and_model() -> None:
    table = scored_table(series(GOOD, BAD, default=BAD), answers(2001, 2024), TODAY)
    ahead = summary(paired(table), BY_HORIZON)
    assert sorted(set(ahead["horizon"])) == list(HORIZONS)
    assert set(ahead["verdict_base_rate"]) == {BETTER}
    models = summary(paired(table, models=(MODEL_MIXTURE, MODEL_M0, DEFAULT)), BY_MODEL)
    rows = models[models["score"] == "rps"].set_index("model_id")
    assert rows.loc[MODEL_MIXTURE, "verdict_default"] == BETTER
    assert rows.loc[DEFAULT, "difference_default"] == 0
    assert rows.loc[MODEL_M0, "difference_base_rate"] == 0


def test_an_unknown_default_is_missing_and_nothing_resolved_is_empty() -> None:
    row = rps_of([saved(1, 2020, GOOD, BAD, default=None)], answers(2021, 2024)).iloc[0]
    assert np.isnan(row["default"])
    assert row["verdict_default"] == TOO_FEW
    assert summary(paired(scored_table([saved(1, 2024)], [], TODAY)), BY_VARIANT).empty
    assert summary(paired(scored_table([], [], TODAY))).empty


def test_calibration_counts_a_question_once_and_waits_for_the_day() -> None:
    known = [*answers(2021, 2022, "rupture"), *answers(2023, 2024, "strain")]
    one = [saved(1, 2020, (0.4, 0.2, 0.2, 0.2))]
    copies = [saved(i, 2020, (0.4, 0.2, 0.2, 0.2)) for i in range(2, 60)]
    for forecasts in (one, [*one, *copies]):
        table = scored_table(forecasts, known, date(2025, 6, 1))
        found = calibration(table, LIVE, "rupture")
        assert (found.curve.pairs, found.dates, found.has_verdict) == (4, 4, False)
        assert found.curve.table["recalibrated"].tolist() == [0.5]
        window = calibration(table, LIVE, TARGET_RUPTURE)
        assert window.curve.pairs == 4  # the fifth year-end has not come, though its answer is known to be yes
    assert calibration(scored_table(one, known, TODAY), HINDCAST, "rupture") is None


def test_counts_keep_live_and_hindcast_apart() -> None:
    late = saved(1, 2024, saved_at=datetime(2026, 11, 23, tzinfo=UTC))
    table = scored_table([late], [], TODAY)
    found = counts(table).set_index(["mark", "status"])["dates"].to_dict()
    assert found == {(HINDCAST, "due"): 1, (LIVE, "open"): 4}
