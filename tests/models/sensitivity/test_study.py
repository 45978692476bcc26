"""The leave-one-out study's tables: planted differences are found, and nothing is computed twice."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.types import Evidence
from models.leave_out.cases import Basis, Case, cases
from models.leave_out.weighed import Reference
from models.sensitivity import study as sensitivity_study
from models.sensitivity.study import (
    agreement,
    cells_of,
    events_table,
    m0_cells,
    m1_cells,
    select,
    sources_with_several,
    weigh_all,
)
from models.storage.tasks import JsonShelf
from tests.support.values.factories import synthetic_fit
from tests.support.values.likelihood_fits import readable

CASE = Case(kind="claim", name="C09")


@pytest.fixture(scope="module")
def basis(real_evidence: Evidence) -> Basis:
    return Basis.of(real_evidence)


def exact(shift: float = 0.0, failures: tuple[str, ...] = ()) -> dict[str, object]:
    after = np.linspace(0.1, 0.9, 30)
    after[7] += shift
    return {"after": after.tolist(), "after_mcse": [0.002] * 30, "failures": list(failures)}


def fast(change: float = 0.0, status: str = "good") -> dict[str, object]:
    moved = np.zeros(30)
    moved[7] = change
    errors = {"after_mcse": [0.003] * 30, "change_mcse": [0.001] * 30}
    return {"change": moved.tolist(), "status": status, "pareto_k": 0.1, "ess": 5000.0, **errors}


def test_cells_hold_both_routes_from_one_starting_point(basis: Basis) -> None:
    cells = m1_cells(basis.evidence, CASE, exact(), fast(0.02), exact(0.03))
    moved = cells[(cells["horizon"] == 2) & (cells["outcome"] == "strain")].set_index("route")
    assert len(cells) == 60
    np.testing.assert_allclose(moved["change"], [0.02, 0.03], atol=1e-12)
    np.testing.assert_allclose(cells["before"] + cells["change"], cells["after"], atol=1e-12)
    assert moved["mcse"].tolist() == pytest.approx([0.001, np.hypot(0.002, 0.002)])
    assert moved["status"].tolist() == ["good", "exact"]


@pytest.mark.parametrize(("off", "agrees"), [(0.0, True), (0.009, True), (0.012, False), (-0.012, False)])
def test_a_planted_difference_is_found_where_it_is(basis: Basis, off: float, agrees: bool) -> None:
    row = agreement(m1_cells(basis.evidence, CASE, exact(), fast(0.02), exact(0.02 + off))).iloc[0]
    assert row["agrees"] == agrees
    assert row["difference"] == pytest.approx(-off, abs=1e-12)
    assert row["error"] == pytest.approx(np.sqrt(max(0, off**2 - 0.002**2)), abs=1e-9)
    assert row["cell"] == "strain, 2 y" or off == 0
    assert row["largest_change"] == pytest.approx(0.02 + off)


def test_a_refit_that_failed_a_check_is_no_exact_answer(basis: Basis) -> None:
    row = agreement(m1_cells(basis.evidence, CASE, exact(), fast(), exact(failures=("R-hat",)))).iloc[0]
    assert row["refit_status"] == "poor"


def test_the_outside_view_moves_with_the_ledger_only(basis: Basis) -> None:
    claim, domain = m0_cells(basis, CASE), m0_cells(basis, Case(kind="domain", name="security"))
    assert (claim["change"] == 0).all()
    assert domain["change"].abs().max() > 0.001
    assert set(domain["status"]) == {"exact"}
    states = domain[domain["outcome"].isin(("rupture", "strain", "transactional", "deeper"))]
    np.testing.assert_allclose(states.groupby("horizon")["after"].sum(), 1.0, atol=1e-9)


@pytest.fixture(scope="module")
def swept(basis: Basis) -> dict[Case, dict[str, object]]:
    """Later events move more; context rows move nothing."""
    events = cases(basis.evidence, "event")
    found = {case: fast(0.0001 * rank) for rank, case in enumerate(events)}
    found |= {case: fast(0.0001 * rank) for rank, case in enumerate(sources_with_several(basis.evidence))}
    quiet = {Case(kind="event", name=one.id) for one in basis.evidence.events if one.is_context}
    return {case: fast(0.0, "exact") if case in quiet else one for case, one in found.items()}


def test_the_selection_is_the_designed_one(basis: Basis, swept) -> None:
    study = select(basis, swept)
    by_kind = pd.Series([case.kind for case in study]).value_counts().to_dict()
    assert len(set(study)) == len(study)
    assert by_kind == {"claim": 14, "indicator": 6, "domain": 8, "source": 6, "event": 17}
    events = [case.name for case in study if case.kind == "event"]
    acting = [event.id for event in basis.evidence.events if not event.is_context]
    assert events[:8] == acting[:-9:-1]
    assert [name[:5] for name in events[8:11]] == ["E1960", "E1967", "E1969"]
    assert not {case.name for case in study if case.kind == "event"} - set(acting)
    again = select(basis, swept, seed=1)
    assert again[:-6] == study[:-6]
    assert again != study


def test_sources_with_several_events_come_by_use(basis: Basis) -> None:
    found = sources_with_several(basis.evidence)
    lost = [len(basis.evidence.events) - len(basis.without(case).evidence.events) for case in (found[0], found[-1])]
    assert lost[0] > lost[1] >= 2


def test_the_table_of_events_is_ordered_by_what_they_move(basis: Basis, swept) -> None:
    some = {case: swept[case] for case in cases(basis.evidence, "event")[:12]}
    table = events_table(basis, some)
    assert table["largest_change"].abs().is_monotonic_decreasing
    assert (table["cell"].iloc[0], table["m1_strain_h1"].iloc[0]) == ("strain, 2 y", 0)
    assert {"m1_deeper_h5", "m0_rupture_h1"} <= set(table.columns)
    assert cells_of(date(2025, 12, 31))[7] == "strain, 2 y"


def test_finished_answers_are_read_and_not_made_again(
    basis: Basis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = Reference.of(basis, readable(synthetic_fit(basis.evidence, samples=80)))
    pieces, told = (CASE, Case(kind="event", name=basis.evidence.events[0].id)), []
    first = weigh_all(reference, pieces, JsonShelf(folder=tmp_path), lambda *args: told.append(args))
    assert [(done, planned) for _, done, planned in told] == [(1, 2), (2, 2)]
    monkeypatch.setattr(sensitivity_study, "weigh", lambda *_: pytest.fail("made again"))
    assert weigh_all(reference, pieces, JsonShelf(folder=tmp_path), lambda *args: told.append(args)) == first
    assert len(told) == 2
