"""What a driver may be held at, how the models read it, and when it acts."""

from datetime import date

import numpy as np
import pytest

from data.load import load_evidence
from data.types import Evidence
from models.errors import AssumptionError
from models.measures.drivers import DRIVER_CLAIMS, frozen_scaling
from models.paths.drivers import HeldDrivers
from models.paths.holds import Hold


@pytest.fixture(scope="module")
def drivers(evidence: Evidence) -> HeldDrivers:
    return HeldDrivers.of(evidence)


@pytest.fixture(scope="module")
def begun() -> HeldDrivers:
    return HeldDrivers.of(load_evidence(date(2026, 10, 8)))


def hold(claim: str, level: float | str, start: int = 2027) -> Hold:
    return Hold(claim=claim, level=level, start=start)


def test_levels_are_values_of_the_series(drivers: HeldDrivers) -> None:
    seen = drivers.seen("C11")
    levels = {level: drivers.value(hold("C11", level)) for level in ("today", "lowest", "highest", "usual")}
    assert levels["today"] == seen.iloc[-1] == drivers.table.raw["C11"].dropna().iloc[-1]
    assert (levels["lowest"], levels["highest"]) == (seen.min(), seen.max())
    # frozen once from the same years: figures that came since have not changed them
    assert levels["usual"] == pytest.approx(frozen_scaling().mean["C11"], rel=1e-9)
    assert drivers.value(hold("C11", "-1.5sd")) == pytest.approx(levels["usual"] - 1.5 * drivers.scaling.sd["C11"])
    assert [drivers.value(hold("C04", level)) for level in ("yes", "no", 1.0, 0, "today")] == [1, 0, 1, 0, 1]


def test_values_are_standardised_as_past_years_are(drivers: HeldDrivers) -> None:
    raw, standardised = drivers.table.raw, drivers.table.standardised
    for claim in DRIVER_CLAIMS:
        for year in drivers.seen(claim).index[::7]:
            found = drivers.standardised(hold(claim, float(raw.loc[year, claim])))
            assert found == pytest.approx(standardised.loc[year, claim], abs=1e-12), (claim, year)
    assert drivers.standardised(hold("C06", "yes")) == 2.0
    assert drivers.is_held_back(hold("C06", "yes"))
    assert not drivers.is_held_back(hold("C11", "usual"))


def test_today_is_what_the_forecast_uses(drivers: HeldDrivers) -> None:
    for claim in DRIVER_CLAIMS:
        assert drivers.standardised(hold(claim, "today")) == drivers.table.origin[claim]


@pytest.mark.parametrize(
    ("claim", "level", "told"),
    [
        ("C11", -3.3, "expected -3.25"),  # -2.8 sd: its lowest year, 1990, is further than two sds
        ("C11", 0.1, "expected -3.25"),
        ("C03", 1.01, "to 1, "),
        ("C08", -0.01, "expected 0 to 0.3"),
        ("C08", "-2sd", "expected 0 to 0.3"),
        ("C02", 0.08, "to 0.0705"),
        ("C11", "+3sd", "know nothing of values further out"),
        ("C04", 0.5, "nothing in between"),
        ("C04", "usual", "nothing in between"),
        ("C11", "yes", "no matter of yes and no"),
    ],
)
def test_values_that_no_year_can_have_are_refused(drivers: HeldDrivers, claim: str, level: float, told: str) -> None:
    with pytest.raises(AssumptionError, match=told):
        drivers.along([hold(claim, level)])


@pytest.mark.parametrize(
    ("start", "inside"), [(2025, ()), (2026, (True, False)), (2029, (True, False)), (2030, (True,))]
)
def test_a_driver_is_held_from_a_year_that_is_not_over_and_still_acts(
    drivers: HeldDrivers, begun: HeldDrivers, start: int, inside: tuple[bool, ...]
) -> None:
    """From inside 2026 the last year-end is 2031, from the end of 2025 it is 2030; the driver acts a year later."""
    for known in (begun, drivers):
        if (known is begun) in inside:
            assert known.first_year(hold("C01", "usual", start)) == start + 1
        else:
            with pytest.raises(AssumptionError, match=f"got {start} as the first year"):
                known.along([hold("C01", "usual", start)])


def test_drivers_along_the_years_are_the_origin_until_one_is_held(drivers: HeldDrivers, begun: HeldDrivers) -> None:
    for known, steps in ((drivers, 5), (begun, 6)):
        origin, first = known.table.origin.to_numpy(), known.as_of.year
        held = known.along([hold("C11", "usual", 2028), hold("C04", "no", 2027)])
        acted = {first + 1 + step: row for step, row in enumerate(held)}
        for year, row in acted.items():
            moved = {DRIVER_CLAIMS[at] for at in np.flatnonzero(row != origin)}
            assert moved == ({"C04"} if year >= 2028 else set()) | ({"C11"} if year >= 2029 else set())
        labels = known.labels_along([hold("C11", "usual", 2028), hold("C04", "no", 2027)])
        assert labels.shape == (steps, 12)
        np.testing.assert_array_equal(labels[-5:], held)
        np.testing.assert_array_equal(labels[:-5], np.tile(origin, (steps - 5, 1)))
