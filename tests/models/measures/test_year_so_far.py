"""A year that has begun: what is known of it, how the rest may come, and that nothing of it is read from later rows."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data.load import load_evidence
from data.types import Evidence
from models.measures.futures import outcome_shares
from models.measures.ledgers import LEDGERS, Scale
from models.measures.readings import Readings, read_ledger
from models.measures.simulate import Draws, forecast_probabilities, simulate_years
from models.measures.simulated import Simulated
from models.measures.structure import PART_OF_YEAR
from models.measures.year_so_far import MOST_ROWS, YearSoFar, share_passed
from models.outcome.rule import RULE, yearly_readings

JUNE = date(2015, 6, 30)
EMPTY = {"share": 0.0, "rows": 0, "weight": 0.0, "mean": 0.0, "broken": False}


@pytest.fixture(scope="module")
def june() -> Evidence:
    return load_evidence(JUNE)


@pytest.fixture(scope="module")
def readings(june: Evidence) -> Readings:
    return read_ledger(june)


@pytest.fixture(scope="module")
def draws() -> Draws:
    size, rng = 60, np.random.default_rng(1)
    cuts = np.array([-3.0, -2.0, 0.0, 1.0, 2.0, 3.0])
    return Draws(
        alignment=rng.normal(0.6, 0.5, size),
        drift=np.zeros(size),
        level=np.full(size, 0.5),
        persistence=np.full(size, 0.85),
        volatility=np.full(size, 0.6),
        break_log_odds=np.full(size, -3.5),
        break_slope=np.full(size, 0.7),
        space_offset=np.zeros(size),
        cutpoints=np.tile(cuts, (size, 1)),
    )


def test_a_whole_year_has_no_part() -> None:
    assert read_ledger(load_evidence(date(2015, 12, 31))).so_far is None
    assert share_passed(date(2015, 12, 31)) == share_passed(date(2016, 12, 31)) == 1.0
    assert share_passed(date(2016, 1, 1)) == 1 / 366


def test_the_part_is_that_of_the_rule(june: Evidence, readings: Readings) -> None:
    so_far = readings.so_far
    (mean,), _ = yearly_readings(june.events, 2015, 2015)
    toned = [event for event in june.events if event.year == 2015 and not event.is_context]
    assert (so_far.year, so_far.rows, so_far.mean) == (2015, len(toned), pytest.approx(mean))
    ratio = so_far.weight / so_far.row
    recent = [RULE.weight(e) for e in june.events if 2005 <= e.year < 2015 and not e.is_context]
    assert ratio == pytest.approx(sum(map(RULE.weight, toned)) / np.mean(recent))
    assert readings.seen[-1] == pytest.approx(181 / 365)
    assert readings.counts[-1].sum() <= 5 * 181 / 365 + 1e-9


def test_the_years_before_it_are_read_as_at_their_end(readings: Readings) -> None:
    before = read_ledger(load_evidence(date(2014, 12, 31)))
    np.testing.assert_array_equal(readings.counts[:-1], before.counts)
    np.testing.assert_array_equal(readings.recent_means, before.recent_means)
    assert (readings.space_share, readings.break_readings) == (before.space_share, before.break_readings)


def test_thin_and_late_are_different_things() -> None:
    part = YearSoFar(year=2026, share=0.5, rows=3, usual=4.0, weight=1.0, mean=2.0, broken=False, row=0.5)
    assert part.is_thin
    assert not part.is_late
    late = replace(part, rows=9, usual=40.0)
    assert (late.is_thin, late.is_late, late.expected) == (False, True, 20.0)


def test_rows_to_come_follow_the_pace_and_never_leave_a_year_without_any() -> None:
    part = YearSoFar(year=2026, share=0.5, rows=20, usual=40.0, weight=5.0, mean=2.0, broken=False, row=0.5)
    rows = part.rows_to_come(np.random.default_rng(3), (20_000,))
    assert rows.mean() == pytest.approx(part.pace / 2 * np.exp(PART_OF_YEAR.pace_log_sd**2 / 2), rel=0.02)
    last_day = replace(part, share=1.0)
    assert not last_day.rows_to_come(np.random.default_rng(3), (100,)).any()
    empty = replace(last_day, weight=0.0, rows=0)
    assert (empty.rows_to_come(np.random.default_rng(3), (100,)) == 1).all()
    crowd = replace(part, usual=4_000.0)
    assert crowd.rows_to_come(np.random.default_rng(3), (100,)).max() == MOST_ROWS


def test_a_whole_year_weighs_seen_and_rest() -> None:
    part = YearSoFar(year=2026, share=0.5, rows=4, usual=8.0, weight=3.0, mean=5.0, broken=False, row=0.5)
    mean, weight = part.whole(np.array([-1.0]), np.array([2]))
    assert weight == pytest.approx([4.0])
    assert mean == pytest.approx([(3.0 * 5.0 - 1.0) / 4.0])


def test_a_break_act_is_certain_once_seen_and_less_likely_the_later() -> None:
    part = YearSoFar(year=2026, share=0.75, rows=4, usual=8.0, weight=3.0, mean=5.0, broken=False, row=0.5)
    assert part.hazard(np.array([0.04])) == pytest.approx([1 - 0.96**0.25])
    assert (replace(part, broken=True).hazard(np.array([0.04])) == 1.0).all()


def test_no_day_and_no_row_leave_the_forecast_of_the_last_year_end(readings: Readings, draws: Draws) -> None:
    """The alignment of the year that has begun is then that of the first year ahead, with the same law."""
    nothing = replace(readings, so_far=replace(readings.so_far, **EMPTY))
    first = simulate_years(draws, nothing, np.random.default_rng(7), 64)
    whole = replace(readings, so_far=None)
    at = replace(
        draws,
        alignment=draws.level + (draws.alignment - draws.level) / draws.persistence,
        volatility=0 * draws.volatility,
    )
    again = simulate_years(at, whole, np.random.default_rng(7), 64)
    np.testing.assert_allclose(first.latent[..., 0], again.latent[..., 0], atol=1e-12)
    np.testing.assert_allclose(first.years.hazard[..., 0], again.years.hazard[..., 0], atol=1e-12)
    assert first.years.shaken[..., 0] == pytest.approx(
        (first.rows * nothing.so_far.row * first.years.calm[..., 0] - 9.0 * readings.break_readings)
        / (first.rows * nothing.so_far.row + readings.break_readings)
    )


def test_a_row_after_the_date_changes_nothing(june: Evidence, readings: Readings, draws: Draws) -> None:
    later = load_evidence(date(2015, 12, 31)).visible(JUNE)
    assert later.digest == june.digest
    one, two = (forecast_probabilities(draws, read, 3, 32) for read in (readings, read_ledger(later)))
    for name, values in one.probabilities.items():
        np.testing.assert_array_equal(values, two.probabilities[name])


def test_six_year_ends_and_ledgers_that_are_read_back(readings: Readings, draws: Draws) -> None:
    forecast = forecast_probabilities(draws, readings, 3, 32)
    assert forecast.probabilities["state_probability"].shape == (60, 6, 4)
    assert forecast.future.shape == (60, 5)
    kept = Simulated.of(forecast.ledgers, readings, {"alignment": draws.alignment})
    again = Simulated.of_arrays(kept.arrays)
    assert kept.year_means.shape == (60, LEDGERS, 6)
    np.testing.assert_array_equal(again.year_means, kept.year_means)
    joined = Simulated.joined([kept.part(slice(0, 20)), kept.part(slice(20, None))])
    np.testing.assert_array_equal(joined.year_means, kept.year_means)


def test_kept_ledgers_have_the_means_that_were_labelled(readings: Readings, draws: Draws) -> None:
    """The rows seen and those to come, weighed alike in the labels and in what is stored."""
    futures = simulate_years(draws, readings, np.random.default_rng(11), LEDGERS)
    means, so_far = futures.years.means, readings.so_far
    rest = (means[..., 0] * (so_far.weight + futures.rows * so_far.row) - so_far.weight * so_far.mean) / (
        futures.rows * so_far.row
    )
    calm = ~futures.years.broken[..., 0] & (futures.rows > 0)
    assert rest[calm].min() >= -10
    assert rest[calm].max() <= 10
    scale = Scale.of(readings)
    again, weight = scale.whole(rest[calm], futures.rows[calm])
    assert again == pytest.approx(means[..., 0][calm])
    assert (weight >= so_far.weight).all()


def test_a_seen_break_act_is_a_rupture_this_year_and_counted_once(readings: Readings, draws: Draws) -> None:
    broken = replace(readings, so_far=replace(readings.so_far, broken=True))
    futures = simulate_years(draws, broken, np.random.default_rng(11), 8)
    shares = outcome_shares(broken.recent_means, futures.years)
    assert (shares["state_probability"][:, 0, 0] == 1.0).all()
    np.testing.assert_array_equal(futures.years.shaken[..., 0], futures.years.calm[..., 0])
