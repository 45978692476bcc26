"""Drivers: standardised by hand, masked where unobserved, lagged by a year, blind to the future and to padding."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.errors import EvidenceError
from data.types import Evidence, Observation
from models.measures.driver_table import Driver, DriverTable
from models.measures.drivers import DRIVER_CLAIMS, DRIVERS, FROZEN_SCALING, driver_table, read_scaling
from models.measures.structure import DRIVER_SCALE, MEASUREMENT

SCALING = FROZEN_SCALING.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (SCALING.replace("3.007560344827586", "3,007560344827586"), "row 2: got 4 cells, expected 3"),
        (SCALING.replace("-1.0710965517241382", "\u22121.07"), "row 6, column 'mean': .* write the hyphen -"),
        (SCALING.replace("C05", "C\u202e05"), "row 6, column 'claim': got the invisible character"),
        (SCALING[:-9], "row 13, column 'sd': got .* the file may be cut off"),
        (SCALING.replace("C12", "C13"), "got rows that differ in 'C12'"),
    ],
)
def test_a_damaged_scaling_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "scaling.csv").write_text(content, encoding="utf-8")
    with pytest.raises(EvidenceError, match=f"scaling.csv.*{message}"):
        read_scaling(tmp_path / "scaling.csv")


LEDGER_DRIVERS = ["C04", "C06", "C08"]
MILEX = "sipri_milex.rus_share_gdp"
LATER = {"as_of": date(2030, 12, 31), "known_on": date(2030, 12, 31)}
PLANTED = Observation(period_end=date(2029, 12, 31), value=1e6, source_kind="opened")


@pytest.fixture(scope="module")
def table(evidence: Evidence) -> DriverTable:
    return driver_table(evidence)


def annual(evidence: Evidence, name: str) -> dict[int, float]:
    """Verified observations of an indicator, the last of each year."""
    return {o.period_end.year: o.value for o in evidence.indicators[name].observations if o.verified}


def steady(values: dict[int, float]) -> Driver:
    """A driver whose raw series is given."""
    return Driver(claim="C01", title="t", sources="s", measure=lambda _: pd.Series(values, dtype=float))


def one(evidence: Evidence, values: dict[int, float]) -> DriverTable:
    return driver_table(evidence, drivers=[steady(values)])


def test_one_driver_per_measurable_claim(evidence: Evidence, table: DriverTable) -> None:
    assert tuple(f"C{number:02d}" for number in range(1, 13)) == DRIVER_CLAIMS
    assert list(table.raw.columns) == list(table.standardised.columns) == list(DRIVER_CLAIMS)
    assert set(DRIVER_CLAIMS) < {claim.id for claim in evidence.claims}
    assert all(driver.title and driver.sources for driver in DRIVERS)
    assert (table.raw.index[0], table.raw.index[-1]) == (1950, 2025)


def test_military_spending_standardised_by_hand(evidence: Evidence, table: DriverTable) -> None:
    series = annual(evidence, MILEX)
    window = np.array([series[year] for year in range(1992, 2021) if year in series])
    for year in range(1990, 2026):
        if year not in series:
            assert np.isnan(table.standardised.loc[year, "C02"])
            continue
        z = (series[year] - window.sum() / window.size) / np.sqrt(np.square(window - window.mean()).sum() / window.size)
        assert table.standardised.loc[year, "C02"] == pytest.approx(np.clip(z, -2, 2), rel=1e-9)


def test_every_column_has_mean_0_and_sd_1_before_the_limit(table: DriverTable) -> None:
    window = table.raw.loc[1992:2020]
    z = (table.raw - window.mean()) / window.std(ddof=0)
    inside = z.loc[1992:2020]
    np.testing.assert_allclose(inside.mean(), 0, atol=1e-12)
    np.testing.assert_allclose(inside.std(ddof=0), 1, rtol=1e-12)
    np.testing.assert_allclose(table.standardised, z.clip(-2, 2), rtol=1e-9, atol=1e-12)


def test_values_are_held_inside_the_limit_and_the_limit_binds(table: DriverTable) -> None:
    assert table.standardised.abs().max().max() == DRIVER_SCALE.driver_limit
    assert table.origin.abs().max() <= DRIVER_SCALE.driver_limit


def test_what_was_not_observed_stays_masked(evidence: Evidence, table: DriverTable) -> None:
    assert table.raw.loc[:1989].isna().all().all()
    np.testing.assert_array_equal(table.raw.isna(), table.standardised.isna())
    gap = {year: float(year % 7) for year in range(1992, 2026) if year not in (2001, 2002)}
    holes = one(evidence, gap).standardised["C01"]
    assert holes.loc[2001:2002].isna().all()
    assert holes.loc[1992:].notna().sum() == len(gap)
    # Removing an observation masks its year and fills it from nowhere.
    indicator = evidence.indicators[MILEX]
    rest = tuple(o for o in indicator.observations if o.period_end.year != 2005)
    without = {**evidence.indicators, MILEX: replace(indicator, observations=rest)}
    assert np.isnan(driver_table(replace(evidence, indicators=without)).raw.loc[2005, "C02"])


def test_the_lagged_design_hands_year_t_to_year_t_plus_1(table: DriverTable) -> None:
    lagged = table.lagged
    assert lagged.shape == (75, 12)
    assert np.isfinite(lagged).all()
    for row, year in enumerate(range(1950, 2025)):
        np.testing.assert_array_equal(lagged[row], table.standardised.loc[year].fillna(0.0))
    np.testing.assert_array_equal(lagged[: 1990 - 1950], 0)


@pytest.mark.parametrize(
    ("last", "note", "kept"),
    [
        (2025, "observed", True),
        (2024, "carried from 2024", True),
        (2023, "carried from 2023", True),
        (2022, "masked", False),
    ],
)
def test_the_origin_carries_two_years_and_no_further(evidence: Evidence, last: int, note: str, kept: bool) -> None:
    found = one(evidence, {year: float(year) for year in range(1992, last + 1)})
    assert found.origin_note["C01"] == note
    assert found.origin["C01"] == (found.standardised.loc[last, "C01"] if kept else 0.0)
    assert found.standardised.loc[last, "C01"] > 1.4


@pytest.mark.parametrize("values", [{}, dict.fromkeys(range(1992, 2026), 3.0)], ids=["never seen", "never varies"])
def test_a_driver_that_says_nothing_is_masked(evidence: Evidence, values: dict[int, float]) -> None:
    found = one(evidence, values)
    assert found.standardised["C01"].isna().all()
    assert (found.origin["C01"], found.origin_note["C01"]) == (0.0, "masked")


@pytest.mark.parametrize("year", [1970, 1991, 1995, 2005, 2015])
def test_what_came_later_changes_nothing_earlier(evidence: Evidence, year: int) -> None:
    then = date(year, 12, 31)
    planted = {
        name: replace(indicator, observations=(*indicator.observations, PLANTED))
        for name, indicator in evidence.indicators.items()
    }
    acts = tuple(replace(event, id=f"{event.id}-planted") for event in evidence.events if event.latest_date > then)
    future = replace(evidence, **LATER, events=(*evidence.events, *acts), indicators=planted)
    before, after = driver_table(evidence.visible(then)), driver_table(future.visible(then))
    pd.testing.assert_frame_equal(after.standardised, before.standardised, check_exact=True)
    pd.testing.assert_series_equal(after.origin, before.origin, check_exact=True)
    assert after.origin_note.tolist() == before.origin_note.tolist()


def test_the_planted_future_would_be_seen_if_it_leaked(evidence: Evidence) -> None:
    indicator = evidence.indicators[MILEX]
    seen = replace(indicator, observations=(*indicator.observations, PLANTED))
    future = replace(evidence, **LATER, indicators={**evidence.indicators, MILEX: seen})
    assert driver_table(future).origin["C02"] == DRIVER_SCALE.driver_limit


@pytest.mark.parametrize("year", [1996, 2007, 2015, 2025])
def test_copying_a_dense_year_moves_no_driver(evidence: Evidence, table: DriverTable, year: int) -> None:
    twins = tuple(replace(event, id=f"{event.id}-again") for event in evidence.events if event.year == year)
    assert len(twins) >= MEASUREMENT.effective_readings
    padded = driver_table(replace(evidence, events=(*evidence.events, *twins)))
    pd.testing.assert_frame_equal(padded.standardised, table.standardised, rtol=1e-12)  # sums in another order
    pd.testing.assert_series_equal(padded.origin, table.origin, rtol=1e-12)


def test_ledger_drivers_against_plain_loops(evidence: Evidence, table: DriverTable) -> None:
    tests = {event.year for event in evidence.events if event.event_type == "test_asat"}
    assert {2007, 2021} <= tests
    for year in range(1990, 2026):
        assert table.raw.loc[year, "C06"] == float(any(year - age in tests for age in (0, 1, 2)))
        shares = []
        for one_year in (year - 2, year - 1, year):
            acts = [e for e in evidence.events if e.year == one_year and e.direction != "context"]
            weight = {e.id: (1.0 if e.is_space else 0.5) * abs(e.intensity) ** 2.5 for e in acts}
            if acts:
                shares.append(sum(weight[e.id] for e in acts if e.mechanism == "mistrust_ip") / sum(weight.values()))
        assert table.raw.loc[year, "C08"] == pytest.approx(np.mean(shares), abs=1e-12)
    assert set(table.raw["C04"].dropna()) == {0.0, 1.0}


def test_indicator_drivers_by_hand(evidence: Evidence, table: DriverTable) -> None:
    china, russia = (annual(evidence, f"un_ideal_points.absdist_{who}_usa") for who in ("chn", "rus"))
    row = table.raw.loc[2010]
    assert row["C01"] == pytest.approx((china[2010] + russia[2010]) / 2, rel=1e-12)
    assert row["C11"] == pytest.approx(-min(china[2010], russia[2010]), rel=1e-12)
    assert row["C05"] == pytest.approx(-annual(evidence, "un_ideal_points.absdist_chn_rus")[2010], rel=1e-12)
    assert row["C03"] == annual(evidence, "sipri_arms_rus_chn.rus_share_of_chn_imports")[2010]
    for claim, name in {
        "C07": "sipri_milex.chn_rus_ratio_const2023",
        "C09": "gdp_current_usd.chn_rus_ratio",
        "C10": "objects_launched_unoosa.chn_cumulative",
    }.items():
        assert np.exp(row[claim]) == pytest.approx(annual(evidence, name)[2010], rel=1e-12)


def test_nobody_had_signed_before_there_was_anything_to_sign(evidence: Evidence, table: DriverTable) -> None:
    signed = annual(evidence, "artemis_signatories.cumulative")
    first = min(signed)
    np.testing.assert_array_equal(table.raw.loc[1990 : first - 1, "C12"], 0.0)
    assert np.expm1(table.raw.loc[2024, "C12"]) == pytest.approx(signed[2024], rel=1e-12)
    assert driver_table(evidence.visible(date(2010, 12, 31))).raw["C12"].dropna().eq(0).all()


def test_programme_and_test_rows_act_for_their_stated_years(evidence: Evidence) -> None:
    event = next(e for e in evidence.events if e.event_type == "test_asat" and e.date_precision == "day")
    alone = replace(evidence, events=(event,))
    raw = driver_table(alone).raw["C06"]
    assert raw[raw == 1].index.tolist() == [event.year, event.year + 1, event.year + 2]
    signed = next(
        e
        for e in evidence.events
        if e.domain == "civil_space"
        and e.mechanism == "joint_projects"
        and e.event_type == "agreement_signed"
        and 1992 <= e.year <= 2015
    )
    raw = driver_table(replace(evidence, events=(signed,))).raw["C04"]
    assert raw[raw == 1].index.tolist() == list(range(signed.year, signed.year + 5))
