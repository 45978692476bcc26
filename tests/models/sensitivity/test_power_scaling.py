"""Power-scaling: ArviZ's numbers against finite differences by hand, and one prior term a knob."""

import numpy as np
import pandas as pd
import pytest

from data.types import Evidence
from models.alignment.priors import prior_parameters
from models.fits.alignment_fit import AlignmentFit
from models.leave_out.cases import Basis
from models.sensitivity.power_scaling import (
    EVERY_KNOB,
    OWN,
    by_knob,
    log_prior_terms,
    power_scaling,
    reading,
    sensitivity_tree,
)
from tests.support.values.factories import synthetic_fit
from tests.support.values.likelihood_fits import readable


@pytest.fixture(scope="module")
def basis(real_evidence: Evidence) -> Basis:
    return Basis.of(real_evidence)


@pytest.fixture(scope="module")
def fit(basis: Basis) -> AlignmentFit:
    return readable(synthetic_fit(basis.evidence, samples=400))


@pytest.fixture(scope="module")
def table(fit: AlignmentFit, basis: Basis) -> pd.DataFrame:
    return power_scaling(fit, basis)


def row(table: pd.DataFrame, knob: str, quantity: str) -> pd.Series:
    return table[(table["knob"] == knob) & (table["quantity"] == quantity)].iloc[0]


def by_hand(values: np.ndarray, log_term: np.ndarray) -> float:
    """Distance of the weighted distribution functions per doubling, by plain weights and sums."""
    order = np.argsort(values, kind="stable")
    x, found = values[order], []
    for power in (0.99, 1.01):
        weight = np.exp((power - 1) * (log_term - log_term.max()))[order]
        sides = []
        for sign in (1, -1):
            gaps = np.diff(x) if sign == 1 else np.diff(x)[::-1]
            plain = np.arange(1, x.size) / x.size
            moved = np.cumsum(weight[::sign] / weight.sum())[:-1]
            middle = (plain + moved) / 2
            apart = plain * np.log2(plain / middle) + moved * np.log2(moved / middle)
            sides.append(np.sqrt(max(0.0, (gaps * apart).sum()) / (gaps * (plain + moved)).sum()))
        found.append(max(sides) / abs(np.log2(power)))
    return float(np.mean(found))


@pytest.mark.parametrize("knob", ["C01", "C13", "C14", "persistence", "volatility"])
def test_a_sensitivity_is_the_finite_difference_by_hand(fit: AlignmentFit, basis: Basis, table, knob: str) -> None:
    """ArviZ smooths the tails of weights within 1 % of each other and spaces the plain distribution function a little
    otherwise: two per cent of the value."""
    tree = sensitivity_tree(fit, basis)
    term = tree["log_prior"][knob].to_numpy().ravel()
    for quantity, name in ((OWN, knob), ("deeper, 5 y", "deeper, 5 y")):
        expected = by_hand(tree["posterior"][name].to_numpy().ravel(), term)
        assert row(table, knob, quantity)["prior"] == pytest.approx(expected, rel=0.02, abs=0.002)
    evidence_term = tree["log_likelihood"]["evidence"].to_numpy().ravel()
    expected = by_hand(tree["posterior"][knob].to_numpy().ravel(), evidence_term)
    assert row(table, knob, OWN)["likelihood"] == pytest.approx(expected, rel=0.1)  # steep tails, smoothed


def test_it_is_what_the_summary_of_arviz_says(fit: AlignmentFit, basis: Basis, table) -> None:
    from arviz_stats import psense_summary

    tree = sensitivity_tree(fit, basis)
    summary = psense_summary(tree, var_names=["C02", "rupture, 1 y"], prior_var_names=["C02"], round_to=9)
    for name, quantity in (("C02", OWN), ("rupture, 1 y", "rupture, 1 y")):
        for component in ("prior", "likelihood"):
            assert row(table, "C02", quantity)[component] == pytest.approx(summary.loc[name, component], abs=1e-8)


def test_the_terms_add_up_to_the_models_prior(fit: AlignmentFit, basis: Basis) -> None:
    whole = prior_parameters(basis.assumptions).log_density(fit.parameters)
    total = sum(log_prior_terms(fit, basis).values())
    assert np.ptp(whole) > 1
    np.testing.assert_allclose(total - total.mean(), whole - whole.mean(), atol=1e-9)


def test_every_knob_of_the_model_has_its_rows_and_all_together_too(table: pd.DataFrame) -> None:
    counts = table["knob"].value_counts()
    assert counts.pop(EVERY_KNOB) == 8
    assert (counts == 9).all()
    assert set(counts.index) == {*(f"C{n:02d}" for n in range(1, 15)), "persistence", "volatility"}


def test_a_knobs_line_names_the_probability_that_its_prior_moves_most(table: pd.DataFrame) -> None:
    short = by_knob(table).set_index("knob")
    part = table[(table["knob"] == "C02") & (table["quantity"] != OWN)]
    assert short.loc["C02", "prior"] == part["prior"].max()
    assert short.loc["C02", "parameter"] == row(table, "C02", OWN)["reading"]
    assert pd.isna(short.loc[EVERY_KNOB, "parameter"])


@pytest.mark.parametrize(
    ("prior", "likelihood", "word"),
    [(0.06, 0.01, "prior-driven"), (0.01, 0.06, "data-driven"), (0.06, 0.06, "in conflict"), (0.01, 0.01, "neither")],
)
def test_the_words(prior: float, likelihood: float, word: str) -> None:
    assert reading(prior, likelihood) == word
