"""The ledger as the model reads it: against plain loops, and free of how densely a year was recorded."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data.types import Event, Evidence
from models.measures.readings import Readings, effective_counts, read_ledger
from models.measures.structure import ALIGNMENT, MEASUREMENT

DENSE, SPARSE = (2007, 2015, 2022, 2024), (1957, 1969, 1995, 2002)
MOST = MEASUREMENT.effective_readings


@pytest.fixture(scope="module")
def readings(evidence: Evidence) -> Readings:
    return read_ledger(evidence)


def with_copies(evidence: Evidence, year: int) -> Evidence:
    """Every event of one year twice: no new information in its mean."""
    twins = tuple(replace(event, id=f"{event.id}-again") for event in evidence.events if event.year == year)
    return replace_events(evidence, (*evidence.events, *twins))


def replace_events(evidence: Evidence, events: tuple[Event, ...]) -> Evidence:
    return Evidence(as_of=evidence.as_of, events=events, claims=evidence.claims, indicators=evidence.indicators)


def band_of(intensity: int) -> int:
    """-10..-5, -4..-3, -2..-1, 0..2, 3..4, 5..6, 7..10."""
    return next(band for band, top in enumerate((-5, -3, -1, 2, 4, 6, 10)) if intensity <= top)


def is_break(event: Event) -> bool:
    return event.intensity <= -8 and "USA" not in (event.initiator, event.target)


def acts_by_year(evidence: Evidence) -> dict[int, list[Event]]:
    found = defaultdict(list)
    for event in evidence.events:
        if event.direction != "context" and not is_break(event):
            found[event.year].append(event)
    return found


def test_counts_against_plain_loops(evidence: Evidence, readings: Readings) -> None:
    expected = np.zeros((75, 2, 7))
    for year, acts in acts_by_year(evidence).items():
        for event in acts:
            space = event.domain in ("civil_space", "military_space", "space_governance")
            expected[year - 1950, int(space), band_of(event.intensity)] += min(1.0, 5 / len(acts))
    assert readings.counts.shape == expected.shape
    # Up to 28 additions of a rounded share against one multiplication.
    np.testing.assert_allclose(readings.counts, expected, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(readings.years, np.arange(1950, 2025))
    assert MOST == 5


def test_no_year_counts_for_more_than_the_cap_and_sparse_years_for_what_they_are(
    evidence: Evidence, readings: Readings
) -> None:
    raw = {year: len(acts) for year, acts in acts_by_year(evidence).items()}
    totals = readings.counts.sum(axis=(1, 2))
    np.testing.assert_allclose(totals, [min(raw.get(year, 0), MOST) for year in readings.years], rtol=0, atol=1e-12)
    assert max(raw.values()) > 4 * MOST, "the ledger has years dense enough for the cap to matter"


def test_effective_counts_keep_the_composition() -> None:
    raw = np.random.default_rng(3).integers(0, 9, (20, 2, 7)).astype(float)
    raw[4] = 0
    scaled = effective_counts(raw, 5)
    for year in range(20):
        total = raw[year].sum()
        np.testing.assert_allclose(scaled[year] * max(total, 1), raw[year] * min(total, 5), rtol=1e-12, atol=0)
    np.testing.assert_array_equal(effective_counts(raw, 10_000), raw)


def test_break_acts_are_flags_and_not_readings(evidence: Evidence, readings: Readings) -> None:
    grave = {event.year for event in evidence.events if is_break(event)}
    assert {1960, 1969} <= grave
    assert set(readings.years[readings.breaks]) == grave
    without = tuple(event for event in evidence.events if not is_break(event))
    np.testing.assert_array_equal(read_ledger(replace_events(evidence, without)).counts, readings.counts)


def test_band_values_are_capped_means_inside_their_bands(evidence: Evidence, readings: Readings) -> None:
    total, weight = np.zeros(7), np.zeros(7)
    for acts in acts_by_year(evidence).values():
        for event in acts:
            total[band_of(event.intensity)] += min(1.0, 5 / len(acts)) * event.intensity
            weight[band_of(event.intensity)] += min(1.0, 5 / len(acts))
    np.testing.assert_allclose(readings.band_values, total / weight, rtol=1e-12)
    edges = np.array([-7.5, *MEASUREMENT.band_edges, 10.0])
    assert np.all(readings.band_values > edges[:-1])
    assert np.all(readings.band_values < edges[1:])


def test_an_empty_band_takes_its_middle(evidence: Evidence) -> None:
    low = tuple(event for event in evidence.events if -2 <= event.intensity <= 2)
    values = read_ledger(replace_events(evidence, low)).band_values
    np.testing.assert_allclose(values[[0, 1, 4, 5, 6]], [-5.5, -3.5, 3.5, 5.5, 7.5], rtol=1e-12)


def test_space_share_is_a_mean_of_yearly_shares(evidence: Evidence, readings: Readings) -> None:
    recent = sorted(acts_by_year(evidence).items())[-10:]
    shares = [np.mean([event.is_space for event in acts]) for _, acts in recent]
    assert readings.space_share == pytest.approx(np.mean(shares), rel=1e-12)
    nothing = read_ledger(replace_events(evidence, ()))
    assert nothing.space_share == 0.5
    assert nothing.counts.sum() == 0


def test_recent_means_are_what_the_rule_remembers(evidence: Evidence, readings: Readings) -> None:
    for year, found in zip((2021, 2022, 2023, 2024), readings.recent_means, strict=True):
        acts = [event for event in evidence.events if event.year == year and event.direction != "context"]
        weights = [1.0 if event.is_space else 0.5 for event in acts]
        assert found == pytest.approx(np.average([event.intensity for event in acts], weights=weights), rel=1e-12)


@pytest.mark.parametrize("year", DENSE)
def test_copying_a_dense_year_tells_the_model_nothing(evidence: Evidence, readings: Readings, year: int) -> None:
    assert len(acts_by_year(evidence)[year]) >= MOST
    padded = read_ledger(with_copies(evidence, year))
    for name in ("years", "counts", "breaks", "recent_means"):
        np.testing.assert_array_equal(getattr(padded, name), getattr(readings, name), err_msg=name)
    assert padded.space_share == readings.space_share
    # The same sum in another order.
    np.testing.assert_allclose(padded.band_values, readings.band_values, rtol=1e-13)


@pytest.mark.parametrize("year", SPARSE)
def test_copying_a_sparse_year_is_information_up_to_the_cap(evidence: Evidence, readings: Readings, year: int) -> None:
    """The stated limit: below the cap every event is a reading of its own, so a copy is read as a second witness."""
    acts, row = acts_by_year(evidence)[year], year - ALIGNMENT.first_year
    assert len(acts) < MOST
    padded = read_ledger(with_copies(evidence, year))
    factor = min(2 * len(acts), MOST) / len(acts)
    np.testing.assert_allclose(padded.counts[row], factor * readings.counts[row], rtol=1e-12)
    assert factor > 1
    np.testing.assert_array_equal(np.delete(padded.counts, row, 0), np.delete(readings.counts, row, 0))
    np.testing.assert_array_equal(padded.breaks, readings.breaks)
    np.testing.assert_array_equal(padded.recent_means, readings.recent_means)


def test_context_rows_are_not_read(evidence: Evidence, readings: Readings) -> None:
    assert any(event.is_context for event in evidence.events)
    without = tuple(event for event in evidence.events if not event.is_context)
    found = read_ledger(replace_events(evidence, without))
    for name in Readings.__slots__:
        np.testing.assert_array_equal(getattr(found, name), getattr(readings, name))


def test_an_earlier_date_reads_an_earlier_ledger(evidence: Evidence, readings: Readings) -> None:
    early = read_ledger(evidence.visible(date(2008, 12, 31)))
    np.testing.assert_array_equal(early.years, np.arange(1950, 2009))
    np.testing.assert_array_equal(early.counts, readings.counts[: early.years.size])
    np.testing.assert_array_equal(early.breaks, readings.breaks[: early.years.size])
    assert early.space_share != readings.space_share
