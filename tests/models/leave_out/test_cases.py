"""Leaving evidence out: exactly the named piece goes, and nothing else."""

import dataclasses
from collections import Counter

import numpy as np
import pytest

from data.errors import EvidenceError
from data.types import Evidence
from models.alignment.priors import REFERENCE_BREAK_RATE, prior_parameters
from models.base_rate.chain import BaseRate, calm_hazard
from models.errors import FitError
from models.leave_out.cases import KINDS, Basis, Case, cases, claims_of, label, publisher
from models.measures.drivers import DRIVER_CLAIMS, DRIVERS
from models.outcome.rule import resolve_history

ONLY_BREAK, ONE_OF_FOUR = "E1960-07-16-advisers", "E1969-03-02-zhenbao"


@pytest.fixture(scope="module")
def basis(real_evidence: Evidence) -> Basis:
    return Basis.of(real_evidence)


def without(basis: Basis, text: str) -> Basis:
    return basis.without(Case.of(text))


def test_a_case_reads_back_and_refuses_what_is_no_kind() -> None:
    assert str(Case.of("event:E1960-07-16-advisers")) == "event:E1960-07-16-advisers"
    with pytest.raises(FitError, match="expected one of event, source"):
        Case.of("weather:rain")


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_is_not_there_is_refused(basis: Basis, kind: str) -> None:
    with pytest.raises(FitError, match="expected a name that the evidence knows"):
        without(basis, f"{kind}:nothing")


@pytest.mark.parametrize("kind", KINDS)
def test_every_case_has_a_label_and_its_own_name(real_evidence: Evidence, kind: str) -> None:
    found = cases(real_evidence, kind)
    assert found
    assert len(set(found)) == len(found)
    assert all(label(real_evidence, case) for case in found)


def test_an_event_takes_its_reading_with_it_and_no_other_years(basis: Basis) -> None:
    event = next(one for one in basis.evidence.events if one.year == 1996 and not one.is_context)
    left = without(basis, f"event:{event.id}")
    differ = np.flatnonzero(np.any(left.readings.counts != basis.readings.counts, axis=(1, 2)))
    assert basis.readings.years[differ].tolist() == [1996]
    assert {one.id for one in basis.evidence.events} - {one.id for one in left.evidence.events} == {event.id}


@pytest.mark.parametrize(("name", "year", "stays"), [(ONLY_BREAK, 1960, False), (ONE_OF_FOUR, 1969, True)])
def test_a_break_act_takes_the_years_flag_only_when_it_is_the_last(
    basis: Basis, name: str, year: int, stays: bool
) -> None:
    left = without(basis, f"event:{name}")
    index = year - int(basis.readings.years[0])
    assert basis.readings.breaks[index]
    assert left.readings.breaks[index] == stays


@pytest.mark.parametrize(("kind", "name_of"), [("source", publisher), ("domain", lambda event: event.domain)])
def test_a_group_goes_whole(basis: Basis, kind: str, name_of) -> None:
    counted = Counter(name_of(event) for event in basis.evidence.events)
    name, most = counted.most_common(1)[0]
    left = without(basis, f"{kind}:{name}")
    assert len(basis.evidence.events) - len(left.evidence.events) == most
    assert name not in {name_of(event) for event in left.evidence.events}


def test_ledger_drivers_follow_the_events_on_the_scale_of_the_whole_evidence(basis: Basis) -> None:
    left = without(basis, "domain:civil_space")
    programme = DRIVER_CLAIMS.index("C04")
    assert left.drivers.raw["C04"].max() == 0 < basis.drivers.raw["C04"].max()
    raw = basis.drivers.raw.loc[1992:2020, "C04"]
    expected = (0 - raw.mean()) / raw.std(ddof=0)
    assert left.drivers.origin.iloc[programme] == pytest.approx(expected, rel=1e-12)
    others = [claim for claim in DRIVER_CLAIMS if claim not in ("C04", "C06", "C08")]
    assert left.drivers.standardised[others].equals(basis.drivers.standardised[others])


def test_the_claims_of_a_file_are_those_that_cannot_be_measured_without_it(real_evidence: Evidence) -> None:
    for case in cases(real_evidence, "indicator"):
        left = {n: one for n, one in real_evidence.indicators.items() if not n.startswith(f"{case.name}.")}
        reduced = dataclasses.replace(real_evidence, indicators=left)
        failing = []
        for driver in DRIVERS:
            try:
                driver.measure(reduced)
            except EvidenceError:
                failing.append(driver.claim)
        assert claims_of(case.name) == tuple(failing), case.name


def test_a_dropped_file_masks_its_drivers_now_and_then(basis: Basis) -> None:
    left = without(basis, "indicator:un_ideal_points")
    gone = [DRIVER_CLAIMS.index(claim) for claim in ("C01", "C05", "C11")]
    kept = [index for index in range(len(DRIVER_CLAIMS)) if index not in gone]
    assert not left.drivers.lagged[:, gone].any()
    assert not left.drivers.origin.iloc[gone].any()
    assert (left.drivers.origin_note.iloc[gone] == "masked").all()
    np.testing.assert_array_equal(left.drivers.lagged[:, kept], basis.drivers.lagged[:, kept])
    assert basis.drivers.lagged[:, gone].any(), "the whole basis was changed"


@pytest.mark.parametrize("claim", DRIVER_CLAIMS)
def test_a_claim_that_is_off_pushes_nothing_and_leaves_the_ledger(basis: Basis, claim: str) -> None:
    left = without(basis, f"claim:{claim}")
    place = DRIVER_CLAIMS.index(claim)
    assert not left.drivers.lagged[:, place].any()
    assert left.drivers.origin.iloc[place] == 0
    assert left.readings is basis.readings
    assert left.evidence is basis.evidence


def test_the_warning_off_is_the_reference_class_and_the_level_off_is_zero_with_the_same_doubt(basis: Basis) -> None:
    whole = prior_parameters(basis.assumptions)
    history = prior_parameters(without(basis, "claim:C13").assumptions)
    baseline = prior_parameters(without(basis, "claim:C14").assumptions)
    odds = REFERENCE_BREAK_RATE / (1 - REFERENCE_BREAK_RATE)
    assert (history.break_mean, history.break_sd) == (pytest.approx(np.log(odds), abs=1e-12), whole.break_sd)
    assert (baseline.level_mean, baseline.level_sd) == (0, whole.level_sd)


def test_the_outside_view_is_that_of_the_labels_that_are_left(basis: Basis) -> None:
    left = without(basis, "domain:security")
    labels = [one.state.code if one.state else -1 for one in resolve_history(left.evidence.events, 1950, 2025)]
    expected = BaseRate.from_history(labels, hazard=calm_hazard(0.024)).forecast(labels[-1])
    np.testing.assert_allclose(left.outside_view.state, expected.state, atol=1e-12)  # the same sums, another order
    assert np.abs(left.outside_view.state - basis.outside_view.state).max() > 0.001


def test_the_digest_names_what_the_model_reads_and_nothing_more(basis: Basis) -> None:
    unused = without(basis, "indicator:unsc_vetoes")
    twin, other = without(basis, "claim:C09"), without(basis, "claim:C10")
    moved = dataclasses.replace(basis, assumptions=basis.assumptions.replace({"rupture_hazard": 0.05}))
    assert unused.digest == moved.digest == basis.digest
    assert without(basis, "indicator:gdp_current_usd").digest == twin.digest
    assert len({basis.digest, twin.digest, other.digest, without(basis, f"event:{ONLY_BREAK}").digest}) == 4
