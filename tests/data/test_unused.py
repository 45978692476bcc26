"""Every row and value of the files is used or told with its reason; what lies after the last day is named."""

import csv
from collections import Counter
from datetime import date

import pytest

from data.editions.edition import newest_edition
from data.load import FIRST_YEAR, load_evidence
from data.provenance import check_provenance
from data.receipts import DATA_FOLDER
from data.series import load_registry
from data.unused import (
    AHEAD,
    EARLIER,
    LATER,
    PARTIAL,
    PENDING,
    RESERVE,
    SHOWN,
    UNPUBLISHED,
    UNVERIFIED,
    later_rows,
    later_warning,
    tallies,
)
from models.measures.structure import ALIGNMENT

YEAR_END = date(2025, 12, 31)


def unused(folder, reason):
    return [one for tally in tallies(folder) for one in tally.unused if one.reason == reason]


def test_the_account_adds_up_by_two_routes():
    evidence, told = load_evidence(YEAR_END), {one.file: one for one in tallies(as_of=YEAR_END)}
    assert told["events.csv"].used == len(evidence.events) == 785
    reasons = Counter(one.reason for one in told["events.csv"].unused)
    assert set(reasons) <= {UNVERIFIED, AHEAD, LATER}
    assert min(reasons[UNVERIFIED], reasons[AHEAD]) >= 7
    assert told["events_reserve.csv"].used == 0
    used: dict[str, int] = {}
    for indicator in evidence.indicators.values():
        used[indicator.file] = used.get(indicator.file, 0) + len(indicator.observations)
    assert {file: one.used for file, one in told.items() if file.startswith("indicators/")} == used


def test_a_pending_row_is_told(folder):
    assert {one.file for one in unused(folder, PENDING)} == {"updates/update_2026_h2.csv"}


def test_every_cell_of_an_offered_column_is_accounted_for():
    told = {one.file: one.used + len(one.unused) for one in tallies()}
    cells: dict[str, int] = {}
    for series in load_registry(DATA_FOLDER):
        group, _, value = series.where.partition("=")
        with (DATA_FOLDER / series.file).open(encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if not group or row[group].strip() == value]
        cells[series.file] = cells.get(series.file, 0) + sum(bool(row[series.column].strip()) for row in rows)
    assert {file: count for file, count in told.items() if file in cells} == cells


def test_a_later_row_changes_nothing_and_is_named(folder, append, last_row):
    before = load_evidence(folder=folder).digest
    days = [f"2026-07-0{place}" for place in range(1, SHOWN + 3)]
    for day in days:
        append("events.csv", id=f"E{day}-planted", date=day, date_precision="day")
    rows = later_rows(folder)
    assert load_evidence(folder=folder).digest == before
    assert {one.file for one in rows} == {"events.csv"}
    assert (rows[0].row, rows[0].day) == (last_row + 1, date(2026, 7, 1))
    warning = later_warning(rows, newest_edition(folder))
    planted = f"events.csv, row {last_row + 1} (E2026-07-01-planted, 2026-07-01)"
    for part in (planted, "2026-06-30", "evidence update --searched-until 2026-07-07"):
        assert part in warning
    assert f"and {len(rows) - SHOWN} more" in warning


def test_a_row_of_a_year_that_is_not_over_is_no_warning(folder, short_folder, append):
    append("events.csv", id="E2026-03-04-planted", date="2026-03-04", date_precision="day")
    assert later_rows(folder) == ()
    assert len(unused(folder, AHEAD)) == len(unused(short_folder, AHEAD)) + 1


def test_a_figure_that_was_not_published_yet_is_told(folder, append):
    append("indicators/un_ideal_points.csv", year="2025")
    late = unused(folder, UNPUBLISHED)
    assert {one.day for one in late} == {date(2025, 12, 31)}
    assert {one.file for one in late} == {"indicators/un_ideal_points.csv"}


def test_nothing_is_told_where_nothing_lies_later():
    assert later_warning(later_rows(), newest_edition()) == ""


def test_a_later_row_that_would_not_count_anyway_is_told_for_its_other_reason(folder, short_folder, append):
    cells = {"id": "E2026-07-04-planted", "date": "2026-07-04", "date_precision": "day"}
    append("events.csv", **cells, source_kind="unverified", source_url="", source_title="")
    append("events_reserve.csv", **cells | {"id": "E2026-07-04-other"})
    assert later_rows(folder) == ()
    assert len(unused(folder, UNVERIFIED)) > len(unused(short_folder, UNVERIFIED))
    assert len(unused(folder, RESERVE)) == len(unused(short_folder, RESERVE)) + 1


def test_a_row_before_the_models_begin_is_told(folder, append):
    assert ALIGNMENT.first_year == FIRST_YEAR
    append("events.csv", id="E1949-10-02-recognition", date="1949-10-02", date_precision="day", target="SUN")
    (early,) = unused(folder, EARLIER)
    assert early.name == "E1949-10-02-recognition"


def test_part_of_a_year_is_told():
    told = {one.name for one in unused(DATA_FOLDER, PARTIAL)}
    assert {name for name in told if name.startswith("unsc")} == {
        f"unsc_vetoes.{name}" for name in ("chn_vetoes", "rus_vetoes", "joint_chn_rus")
    }
    assert {name.split(".")[0] for name in told} == {"unsc_vetoes", "onorbit_stock_world"}


@pytest.mark.parametrize("rows", [1, 7])
def test_the_check_passes_with_a_notice_that_names_every_later_row(folder, append, last_row, rows):
    for day in range(1, rows + 1):
        append("events.csv", id=f"E2026-07-0{day}-planted", date=f"2026-07-0{day}", date_precision="day")
    finding, update = [one for one in check_provenance(folder) if one.notice]
    assert (finding.file, finding.check, finding.passed) == ("events.csv", "rows used", True)
    places = range(1, rows + 1)
    assert all(f"row {last_row + place} (E2026-07-0{place}-planted" in finding.detail for place in places)
    assert (update.file, update.passed) == ("updates/update_2026_h2.csv", True)
    assert f"{rows} {LATER}" in finding.detail
