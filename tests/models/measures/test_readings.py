"""The ledger as the models read it: against plain loops, and nearly free of how densely a year was recorded."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data.types import Event, Evidence
from models.measures.readings import Readings, read_ledger, reading_scale
from models.measures.structure import ALIGNMENT, MEASUREMENT
from models.outcome.rule import RULE, yearly_readings

DENSE, SPARSE = (2005, 2015, 2022, 2025), (1957, 1981, 1995, 2001)
MOST = MEASUREMENT.effective_readings
SPACE = ("civil_space", "military_space", "space_governance")


@pytest.fixture(scope="module")
def readings(evidence: Evidence) -> Readings:
    return read_ledger(evidence)


def with_events(evidence: Evidence, *more: Event) -> Evidence:
    return replace(evidence, events=(*evidence.events, *more))


def with_copies(evidence: Evidence, year: int) -> Evidence:
    """Every event of one year twice: no new information in its mean."""
    return with_events(evidence, *(replace(e, id=f"{e.id}-again") for e in evidence.events if e.year == year))


def band_of(intensity: int) -> int:
    """-10..-5, -4..-3, -2..-1, 0..2, 3..4, 5..6, 7..10."""
    return next(band for band, top in enumerate((-5, -3, -1, 2, 4, 6, 10)) if intensity <= top)


def weight_of(event: Event) -> float:
    return (1.0 if event.domain in SPACE else 0.5) * abs(event.intensity) ** 2.5


def acts_by_year(evidence: Evidence) -> dict[int, list[Event]]:
    found = defaultdict(list)
    for event in evidence.events:
        if event.direction != "context" and event.intensity and not RULE.is_break(event):
            found[event.year].append(event)
    return found


def number_of(acts: list[Event]) -> float:
    """Readings of a year, by Kish."""
    weights = [weight_of(event) for event in acts]
    return min(sum(weights) ** 2 / sum(weight**2 for weight in weights), 5.0)


def test_counts_and_band_values_against_plain_loops(evidence: Evidence, readings: Readings) -> None:
    expected, total = np.zeros((76, 2, 7)), np.zeros(7)
    for year, acts in acts_by_year(evidence).items():
        for event in acts:
            share = weight_of(event) * number_of(acts) / sum(map(weight_of, acts))
            expected[year - 1950, int(event.domain in SPACE), band_of(event.intensity)] += share
            total[band_of(event.intensity)] += share * event.intensity
    # Up to 64 additions of a rounded share against one multiplication.
    np.testing.assert_allclose(readings.counts, expected, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(readings.years, np.arange(1950, 2026))
    np.testing.assert_allclose(readings.band_values, total / expected.sum(axis=(0, 1)), rtol=1e-12)
    edges = np.array([-7.5, *MEASUREMENT.band_edges, 10.0])
    assert np.all((readings.band_values > edges[:-1]) & (readings.band_values < edges[1:]))
    assert readings.counts.sum(axis=(1, 2)).max() == pytest.approx(MOST, rel=1e-12)


def test_equal_weights_are_as_many_readings_and_one_great_act_is_hardly_more_than_one() -> None:
    weights = [np.ones(3), np.full(9, 7.0), np.array([100.0, 1.0, 1.0]), np.zeros(0)]
    mass, squares = (np.array([(w**power).sum() for w in weights]) for power in (1, 2))
    np.testing.assert_allclose(reading_scale(mass, squares, 5) * mass, [3, 5, 102**2 / 10_002, 0], rtol=1e-12)


def test_the_mean_of_a_years_readings_is_the_rules_mean(evidence: Evidence) -> None:
    """In a ledger in which every band holds one intensity; a break act has its own weight."""
    middles = (-6, -3, -1, 1, 4, 6, 8)
    events = tuple(
        event if RULE.is_break(event) else replace(event, intensity=middles[band_of(event.intensity)])
        for event in evidence.events
        if event.direction != "context" and np.sign(event.intensity) == np.sign(middles[band_of(event.intensity)])
    )
    single = replace(evidence, events=events)
    found, (means, breaks) = read_ledger(single), yearly_readings(events, 1950, 2025)
    number = found.counts.sum(axis=(1, 2))
    calm = ~breaks & (number > 0)
    assert calm.sum() > 60
    np.testing.assert_allclose((found.counts.sum(axis=1) @ found.band_values)[calm] / number[calm], means[calm])


def test_a_year_dug_into_more_deeply_hardly_reads_otherwise(evidence: Evidence, readings: Readings) -> None:
    """Twelve minor acts more, as a second search brings: counted alike they would be most of the year's readings."""
    like = next(e for e in evidence.events if e.year == 2004 and e.intensity in (1, 2))
    minor = [replace(like, id=f"{like.id}-{n}", intensity=1 + n % 2) for n in range(12)]
    found, row = read_ledger(with_events(evidence, *minor)), 2004 - ALIGNMENT.first_year
    moved = np.abs(found.counts[row] - readings.counts[row]).sum() / 2 / MOST
    alike = 12 / (12 + len(acts_by_year(evidence)[2004]))
    assert 0 < moved < alike / 5, (moved, alike)


def test_break_acts_are_flags_and_not_readings(evidence: Evidence, readings: Readings) -> None:
    grave = {event.year for event in evidence.events if RULE.is_break(event)}
    assert grave == {1960, 1967, 1969}
    assert set(readings.years[readings.breaks]) == grave
    without = tuple(event for event in evidence.events if not RULE.is_break(event))
    np.testing.assert_array_equal(read_ledger(replace(evidence, events=without)).counts, readings.counts)


def test_a_break_act_weighs_some_readings_of_a_median_year(evidence: Evidence, readings: Readings) -> None:
    one = [
        sum(weight_of(event) ** 2 for event in acts) / sum(map(weight_of, acts))
        for acts in acts_by_year(evidence).values()
    ]
    assert readings.break_readings == pytest.approx(0.5 * 9**2.5 / np.median(one), rel=1e-12)


def test_an_empty_band_takes_its_middle_and_an_empty_ledger_still_reads(evidence: Evidence) -> None:
    low = tuple(event for event in evidence.events if -2 <= event.intensity <= 2)
    values = read_ledger(replace(evidence, events=low)).band_values
    np.testing.assert_allclose(values[[0, 1, 4, 5, 6]], [-5.5, -3.5, 3.5, 5.5, 7.5], rtol=1e-12)
    nothing = read_ledger(replace(evidence, events=()))
    assert (nothing.space_share, nothing.break_readings, nothing.counts.sum()) == (0.5, 1.0, 0.0)


def test_space_share_is_a_mean_of_yearly_shares_of_weight(evidence: Evidence, readings: Readings) -> None:
    recent = [acts for _, acts in sorted(acts_by_year(evidence).items())[-10:]]
    shares = [sum(weight_of(e) for e in acts if e.domain in SPACE) / sum(map(weight_of, acts)) for acts in recent]
    assert readings.space_share == pytest.approx(np.mean(shares), rel=1e-12)


def test_recent_means_are_what_the_rule_remembers(evidence: Evidence, readings: Readings) -> None:
    for year, found in zip((2022, 2023, 2024, 2025), readings.recent_means, strict=True):
        acts = acts_by_year(evidence)[year]
        mean = np.average([event.intensity for event in acts], weights=[weight_of(event) for event in acts])
        assert found == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize("year", DENSE)
def test_copying_a_dense_year_tells_the_model_nothing(evidence: Evidence, readings: Readings, year: int) -> None:
    assert number_of(acts_by_year(evidence)[year]) == MOST
    padded = read_ledger(with_copies(evidence, year))
    # The same sums in another order.
    for name in ("counts", "recent_means", "band_values", "space_share"):
        np.testing.assert_allclose(getattr(padded, name), getattr(readings, name), rtol=1e-12, err_msg=name)
    np.testing.assert_array_equal(padded.breaks, readings.breaks)


@pytest.mark.parametrize("year", SPARSE)
def test_copying_a_sparse_year_is_information_up_to_the_cap(evidence: Evidence, readings: Readings, year: int) -> None:
    """The stated limit: below the cap a copy is read as a second witness."""
    number, row = number_of(acts_by_year(evidence)[year]), year - ALIGNMENT.first_year
    padded, factor = read_ledger(with_copies(evidence, year)), min(2 * number, MOST) / number
    np.testing.assert_allclose(padded.counts[row], factor * readings.counts[row], rtol=1e-12)
    assert factor > 1.1
    np.testing.assert_array_equal(np.delete(padded.counts, row, 0), np.delete(readings.counts, row, 0))
    np.testing.assert_array_equal(padded.recent_means, readings.recent_means)


def test_context_rows_are_not_read(evidence: Evidence, readings: Readings) -> None:
    without = tuple(event for event in evidence.events if not event.is_context)
    assert len(without) < len(evidence.events)
    found = read_ledger(replace(evidence, events=without))
    for name in Readings.__slots__:
        np.testing.assert_array_equal(getattr(found, name), getattr(readings, name))


@pytest.mark.parametrize(("day", "seen"), [(date(2008, 12, 31), 1.0), (date(2008, 3, 31), 91 / 366)])
def test_an_earlier_date_reads_an_earlier_ledger(
    evidence: Evidence, readings: Readings, day: date, seen: float
) -> None:
    early = read_ledger(evidence.visible(day))
    np.testing.assert_array_equal(early.years, np.arange(1950, 2009))
    np.testing.assert_allclose(early.counts[:-1], readings.counts[: early.years.size - 1], rtol=1e-12)
    np.testing.assert_array_equal(early.seen[:-1], 1.0)
    assert early.seen[-1] == pytest.approx(seen, rel=1e-12)
    assert early.space_share != readings.space_share
