"""Stored fits of M2 and M3: they come back as they went, thin without losing a chain, and are refused when damaged."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from data.types import Evidence
from models.errors import MissingFitError, StaleFitError
from models.fits.certificate import require_present
from models.fits.member_fit import MemberFit, load_member, save_member
from models.fits.probabilities import StateProbabilities
from models.library.members import Members
from models.ordered.law import ORDERED
from tests.support.values.factories import CHAINS, synthetic_members

NAME = "some_fit"


@pytest.fixture(scope="module")
def members(real_evidence: Evidence) -> Members:
    return synthetic_members(real_evidence)


@pytest.fixture(scope="module")
def fit(members: Members) -> MemberFit:
    return members.ordered


@pytest.fixture
def stored(fit: MemberFit, tmp_path: Path) -> Path:
    save_member(fit, tmp_path, NAME)
    return tmp_path


@pytest.mark.parametrize("number", range(4))
def test_what_was_saved_is_read_back(members: Members, number: int, tmp_path: Path) -> None:
    name, fit = list(members.fits.items())[number]
    save_member(fit, tmp_path, name)
    found = load_member(name, tmp_path)
    assert found.certificate == fit.certificate
    assert found.key == fit.key
    assert found.parameters.keys() == fit.parameters.keys()
    for parameter, values in fit.parameters.items():
        np.testing.assert_array_equal(found.parameters[parameter], values)
    np.testing.assert_array_equal(found.chain, fit.chain)
    for mine, kept in zip(fit.forecast, found.forecast, strict=True):
        # Probabilities are stored in float32: a relative rounding of 6e-8.
        np.testing.assert_allclose(kept, mine, rtol=1e-7, atol=1e-12)
        assert kept.dtype == np.float64


def test_the_same_fit_gives_the_same_bytes(stored: Path, tmp_path: Path) -> None:
    save_member(load_member(NAME, stored), tmp_path / "again", NAME)
    for kind in ("json", "npz"):
        assert (tmp_path / "again" / f"{NAME}.{kind}").read_bytes() == (stored / f"{NAME}.{kind}").read_bytes()


def test_arrays_and_settings_cannot_be_changed(fit: MemberFit) -> None:
    for values in (*fit.parameters.values(), *fit.forecast, fit.chain):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0
    with pytest.raises(TypeError):
        fit.assumptions_values["C01"] = 2.0


@pytest.mark.parametrize("keep", [20, 40, 100, 200])
def test_thinning_keeps_every_chain_and_the_order(fit: MemberFit, keep: int) -> None:
    thin = fit.thinned(keep)
    assert np.bincount(thin.chain).tolist() == [keep // CHAINS] * CHAINS
    assert np.all(np.diff(thin.chain) >= 0)
    rows = np.flatnonzero(np.isin(fit.parameters["hazard"], thin.parameters["hazard"]))
    assert np.ptp(np.diff(rows)) == 0, "the draws are evenly spaced"
    for name, values in fit.parameters.items():
        np.testing.assert_array_equal(thin.parameters[name], values[rows])
    np.testing.assert_array_equal(thin.forecast.state, fit.forecast.state[rows])
    assert (thin.key, thin.diagnostics) == (fit.key, fit.diagnostics)


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"assumptions_values": {"C01": 1.0}},
        {"evidence_digest": "0" * 64},
        {"model_digest": "0" * 64},
        {"reference_date": date(2023, 12, 31)},
        {"settings": {"draws": 5}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_key_says_what_was_asked(fit: MemberFit, change: dict[str, object]) -> None:
    assert replace(fit, **change).key != fit.key
    assert replace(fit, versions={"numpy": "9"}).key == fit.key


def edited(**fields: object) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        file = folder / f"{NAME}.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))

    return edit


def cut(kind: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        file = folder / f"{NAME}.{kind}"
        file.write_bytes(file.read_bytes()[:-7])

    return edit


@pytest.mark.parametrize(
    "damage",
    [
        cut("npz"),
        cut("json"),
        edited(draws_digest="0" * 64),
        edited(reference_date="yesterday"),
        edited(diagnostics=None),
        lambda folder: (folder / f"{NAME}.json").write_text("[]"),
        lambda folder: (folder / f"{NAME}.json").write_bytes(b"\xff\xfe"),
    ],
    ids=["npz cut", "json cut", "partner", "date", "checks", "list", "no text"],
)
def test_a_damaged_fit_is_refused_with_the_command_that_makes_it_anew(stored: Path, damage) -> None:
    damage(stored)
    with pytest.raises(StaleFitError, match=rf"is damaged \({NAME}\.json: .*`python -m models members fit`"):
        load_member(NAME, stored)


def test_another_format_is_refused_by_its_number(stored: Path) -> None:
    edited(format=2)(stored)
    with pytest.raises(StaleFitError, match=r"got fit format 2, expected 1; .*`python -m models members fit`"):
        load_member(NAME, stored)


@pytest.mark.parametrize("kind", ["json", "npz"])
def test_a_missing_file_is_told_by_name(stored: Path, kind: str) -> None:
    (stored / f"{NAME}.{kind}").unlink()
    with pytest.raises(MissingFitError, match=rf"no {NAME}\.{kind} in .*members fit"):
        load_member(NAME, stored)


@pytest.mark.parametrize(
    ("field", "word"), [("evidence_digest", "evidence"), ("rule_digest", "rule"), ("model_digest", "model")]
)
def test_a_fit_on_something_else_is_refused(fit: MemberFit, real_evidence: Evidence, field: str, word: str) -> None:
    require_present(fit.answers_to, real_evidence, ORDERED.digest, "made on another {}")
    with pytest.raises(StaleFitError, match=f"^made on another {word}$"):
        require_present(
            replace(fit, **{field: "0" * 64}).answers_to, real_evidence, ORDERED.digest, "made on another {}"
        )


def test_draws_that_are_not_one_finite_value_each_are_refused(fit: MemberFit) -> None:
    short = {**fit.parameters, "hazard": fit.parameters["hazard"][1:].copy()}
    with pytest.raises(StaleFitError, match=r"hazard of m2_ordered_regression is not one finite value a draw \(200"):
        replace(fit, parameters=short)
    state = fit.forecast.state.copy()
    state[3, 2, 1] = np.nan
    broken = StateProbabilities(state, fit.forecast.any_rupture.copy(), fit.forecast.any_deeper.copy())
    with pytest.raises(StaleFitError, match="state of m2_ordered_regression"):
        replace(fit, forecast=broken)


def test_a_model_that_is_no_member_is_refused(fit: MemberFit) -> None:
    with pytest.raises(StaleFitError, match="got a fit of 'm9', expected one of m0_base_rate"):
        replace(fit, model_id="m9")
