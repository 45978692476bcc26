"""The real ledger loads, and nothing later than a date is seen."""

import csv
from collections import Counter
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from data.editions.edition import newest_edition
from data.errors import EvidenceError
from data.load import load_evidence, read_pending
from data.receipts import DATA_FOLDER

YEAR_END, SEARCHED = date(2025, 12, 31), date(2026, 6, 30)
"""Reference date of the second edition, and the day to which its ledger was searched."""
MODEL_DRIVERS = (
    "un_ideal_points.absdist_chn_usa",
    "un_ideal_points.absdist_rus_usa",
    "un_ideal_points.absdist_chn_rus",
    "sipri_milex.rus_share_gdp",
    "sipri_milex.chn_rus_ratio_const2023",
    "sipri_arms_rus_chn.rus_share_of_chn_imports",
    "gdp_current_usd.chn_rus_ratio",
    "objects_launched_unoosa.chn_cumulative",
    "artemis_signatories.cumulative",
    "onorbit_stock_world.debris",
)


def test_the_release_holds_what_its_codebook_says():
    everything = load_evidence(SEARCHED, include_unverified=True, include_reserve=True)
    counts = Counter((event.reserve, event.verified) for event in everything.events)
    assert counts == {(False, True): 819, (False, False): 7, (True, True): 61, (True, False): 5}
    assert sum(event.is_context and not event.reserve for event in everything.events) == 57
    assert len(load_evidence(YEAR_END).events) == 785
    assert len(load_evidence(YEAR_END, include_unverified=True).events) == 792
    assert load_evidence(YEAR_END).digest.startswith("1dfebe773bc1"), "the fits and studies in docs/ rest on it"
    assert [claim.id for claim in everything.claims] == [f"C{n:02d}" for n in range(1, 15)]


def test_known_rows_arrive_as_written():
    evidence = load_evidence()
    by_id = {event.id: event for event in evidence.events}
    assert by_id["E1950-02-14-alliance"].intensity == 9
    assert by_id["E1954-10-01-atomic-promise"].latest_date == date(1954, 10, 31)
    assert evidence.claims[0].title == "Balancing the United States"
    assert evidence.indicator("un_ideal_points.absdist_chn_rus").annual()[2022] == 0.5867


@pytest.mark.parametrize("name", MODEL_DRIVERS)
def test_the_indicators_that_the_models_use_are_there(name):
    indicator = load_evidence().indicator(name)
    assert len(indicator.annual()) >= 3  # verified signatories of the Artemis Accords: 2020, 2023, 2024
    assert indicator.unit
    assert indicator.citation
    assert indicator.licence


def test_no_unverified_row_is_in_a_default_fit():
    evidence = load_evidence()
    assert all(event.verified and not event.reserve for event in evidence.events)
    assert all(seen.verified for indicator in evidence.indicators.values() for seen in indicator.observations)


def test_a_second_source_is_marked():
    everything = load_evidence(SEARCHED, include_unverified=True, include_reserve=True)
    marked = {event.id for event in everything.events if event.second_source}
    with (DATA_FOLDER / "second_sources.csv").open(encoding="utf-8", newline="") as stream:
        assert marked == {row["id"] for row in csv.DictReader(stream)}


def test_a_pending_update_is_read_and_part_of_no_evidence(folder):
    pending = {event.id for _, event in read_pending(folder)}
    assert len(pending) == 14
    everything = load_evidence(date(2026, 12, 31), include_unverified=True, include_reserve=True, folder=folder)
    assert pending.isdisjoint(event.id for event in everything.events)


def test_an_update_of_a_row_that_is_held_already_is_refused(folder, spoil):
    cells = {"id": "E2026-06-27-bomber-patrol-11", "date": "2026-06-27", "date_precision": "day"}
    spoil("updates/update_2026_h2.csv", 2, **cells)
    with pytest.raises(EvidenceError, match=r"updates/update_2026_h2\.csv, row 2, column 'id': got .* again"):
        read_pending(folder)


@pytest.mark.parametrize(
    ("name", "day", "last"),
    [
        ("sipri_milex.rus_share_gdp", date(2011, 4, 29), 2009),
        ("sipri_milex.rus_share_gdp", date(2011, 4, 30), 2010),
        ("gdp_current_usd.chn_rus_ratio", date(2011, 7, 30), 2009),
        ("gdp_current_usd.chn_rus_ratio", date(2011, 7, 31), 2010),
        ("un_ideal_points.absdist_chn_rus", date(2011, 12, 30), 2009),
        ("un_ideal_points.absdist_chn_rus", date(2011, 12, 31), 2010),
        ("orbital_launches.chn_attempts", date(2011, 1, 30), 2009),
        ("orbital_launches.chn_attempts", date(2011, 1, 31), 2010),
        ("unsc_vetoes.rus_vetoes", date(2010, 12, 31), 2010),
    ],
)
def test_a_figure_is_seen_from_the_day_that_it_was_published(name, day, last):
    assert load_evidence(day).indicator(name).annual().index[-1] == last


def test_the_default_forecast_knows_what_was_published_since_its_reference_date():
    evidence, then = load_evidence(YEAR_END), load_evidence(YEAR_END).visible(YEAR_END)
    assert (evidence.as_of, evidence.known_on) == (YEAR_END, SEARCHED)
    assert (then.as_of, then.known_on) == (YEAR_END, YEAR_END)
    name = "objects_launched_unoosa.chn_cumulative"
    assert evidence.indicator(name).annual()[2025] == 1759
    assert 2025 not in then.indicator(name).annual().index
    assert then.events == evidence.events


def test_nothing_later_than_the_date_is_visible():
    as_of = date(2007, 6, 15)
    evidence = load_evidence(as_of, include_unverified=True, include_reserve=True)
    assert max(event.latest_date for event in evidence.events) <= as_of
    ends = [one.period_end for series in evidence.indicators.values() for one in series.observations]
    assert max(ends) <= as_of
    assert max(one.known_from for series in evidence.indicators.values() for one in series.observations) <= as_of
    assert max(evidence.indicator("onorbit_stock_world.debris").annual().index) == 2006


def test_a_planted_later_event_changes_nothing(folder, append):
    before = load_evidence(folder=folder)
    append("events.csv", id="E2026-03-04-planted", date="2026-03-04", date_precision="day")
    after = load_evidence(folder=folder)
    assert after.digest == before.digest
    seen = load_evidence(date(2026, 3, 4), folder=folder)
    assert "E2026-03-04-planted" in {event.id for event in seen.events}
    assert "E2026-03-04-planted" not in {event.id for event in seen.visible(date(2026, 3, 3)).events}


@pytest.mark.parametrize(
    ("precision", "day", "identity", "known"),
    [
        ("month", "2015-02-01", "E2015-02-planted", date(2015, 2, 28)),
        ("year", "2015-01-01", "E2015-planted", date(2015, 12, 31)),
    ],
)
def test_a_coarse_date_is_known_at_its_end(folder, append, precision, day, identity, known):
    append("events.csv", id=identity, date=day, date_precision=precision)
    for as_of, expected in ((known - timedelta(days=1), False), (known, True)):
        events = load_evidence(as_of, folder=folder).events
        assert (identity in {event.id for event in events}) is expected


def test_a_planted_later_observation_changes_nothing(folder, append):
    before = load_evidence(folder=folder)
    append("indicators/un_ideal_points.csv", year="2025", absdist_chn_rus="9.5")
    assert load_evidence(folder=folder).digest == before.digest  # of a year that is inside, and published too late
    later = load_evidence(date(2026, 12, 31), folder=folder)
    assert later.indicator("un_ideal_points.absdist_chn_rus").annual()[2025] == 9.5


def test_blank_stays_blank(folder, spoil):
    name = "un_ideal_points.absdist_chn_rus"
    assert 2010 in load_evidence(folder=folder).indicator(name).annual().index
    spoil("indicators/un_ideal_points.csv", 22, absdist_chn_rus="")
    after = load_evidence(folder=folder).indicator(name).annual()
    assert 2010 not in after.index
    assert len(after) == 33
    assert not np.isnan(after.to_numpy()).any()


def test_real_gaps_are_absent_not_nought():
    evidence = load_evidence()
    assert 2024 not in evidence.indicator("gdp_current_usd.chn_rus_ratio").annual().index
    assert evidence.indicator("sipri_milex.rus_share_gdp").annual().index[0] == 1992


def test_part_of_a_year_is_no_annual_figure():
    assert list(load_evidence().indicator("unsc_vetoes.rus_vetoes").annual().index)[-1] == 2021


@pytest.mark.parametrize(
    "label", ["unverified", "opened; CHN/USA unverified", "opened (date partly unverified)", "Unverified"]
)
def test_a_mixed_label_counts_as_unverified(folder, spoil, label):
    spoil("indicators/onorbit_stock_world.csv", 36, source_kind=label)
    name = "onorbit_stock_world.debris"
    assert 2024 not in load_evidence(folder=folder).indicator(name).annual().index
    shown = load_evidence(include_unverified=True, folder=folder).indicator(name)
    assert 2024 not in shown.annual().index
    assert shown.annual(include_unverified=True)[2024] == 13182
    assert shown.observations[-2].source_kind == label


def test_each_column_can_have_its_own_label():
    evidence = load_evidence()
    assert list(evidence.indicator("joint_exercises_annual.joint_air_patrols").annual().index) == [2024, 2025]
    assert list(evidence.indicator("joint_exercises_annual.published_annual_count").annual().index) == [2022, 2024]
    assert evidence.indicator("joint_exercises_annual.joint_sea_held").annual().empty


def test_groups_of_a_file_are_separate_series():
    evidence = load_evidence()
    china = evidence.indicator("catalogue_by_launching_state.objects_leo_chn").observations
    russia = evidence.indicator("catalogue_by_launching_state.objects_leo_rus").annual()
    assert (china[0].period_end, china[0].value) == (date(2017, 9, 2), 3312)
    assert russia[2023] == 5127


def test_the_default_date_is_that_of_the_newest_edition():
    newest = newest_edition()
    assert load_evidence() == load_evidence(newest.as_of)
    assert load_evidence().known_on == newest.searched_until


def test_a_moment_is_not_a_date():
    with pytest.raises(EvidenceError, match="calendar date without a time"):
        load_evidence(datetime(2024, 1, 1))
