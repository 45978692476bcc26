"""The committed library: whole, small, gated, and true to every anchor's own draws (issue B, acceptance 4)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from scipy.stats import norm

from data.types import Evidence
from models.assumptions.knobs import knobs_of
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import base_case
from models.fits.dated import dated
from models.forecast.results import make_forecast
from models.library.anchors import CORNERS, first_design
from models.library.files import committed_library
from models.library.library import Library
from models.library.pool import fit_counts
from models.library.reweighting import reweight, weigh
from models.names import MODEL_M1, PMF
from models.sampling.library_build import MAX_BYTES
from models.weighting.batch_means import mean_error
from tests.support.values.weighted import weighted_mcse, weighted_mean

pytestmark = pytest.mark.machine


@pytest.fixture(scope="module")
def library(real_evidence: Evidence) -> Library:
    return committed_library(real_evidence)


def test_it_is_small_and_every_fit_in_it_passed_its_checks(library):
    assert sum(path.stat().st_size for path in dated(library.provenance.reference_date).glob("library.*")) <= MAX_BYTES
    assert all(one.diagnostics.passed for one in library.anchors)
    assert library.diagnostics.passed


def test_it_holds_the_whole_design(library, default_assumptions):
    """Of the knobs that act on latent alignment: the others belong to other models, and may be younger than it."""
    acting = set(knobs_of(MODEL_M1, default_assumptions.knobs))

    def told(name: str, values: Mapping[str, float]) -> tuple[str, dict[str, float]]:
        return name, {key: value for key, value in values.items() if key in acting}

    wanted = [told(one.name, one.assumptions.values) for one in first_design(default_assumptions)]
    found = [told(one.name, one.values) for one in library.anchors]
    assert all(set(values) == acting for _, values in found)
    assert found[: len(wanted)] == wanted
    assert [name for name, _ in found[len(wanted) :]] == [f"corner {number + 1}" for number in range(CORNERS)]
    assert len({one.seed for one in library.anchors}) == len(found)


@pytest.mark.slow
def test_the_engine_equals_every_anchors_own_draws(library):
    """Within three standard errors, but for the share of cells that three standard errors leave out by chance. Below
    a tenth of a point nothing is compared: the error of 720 draws is itself unknown where a state is that rare."""
    z = []
    for index, anchor in enumerate(library.anchors):
        rows = library.anchor == index
        own = library.probabilities[rows]
        weights = weigh(library, anchor.prior)
        found = weighted_mean(library.probabilities, weights) - own.mean(axis=0)
        mcse = weighted_mcse(library.probabilities, weights, library)
        z.append(np.abs(found) * (np.abs(found) > 0.001) / np.hypot(mcse, mean_error(own, library.chain[rows])))
    cells = np.concatenate(z)
    assert (cells > 3).mean() <= 2 * norm.sf(3)
    assert cells.max() < norm.isf(0.005 / cells.size)  # one false alarm in a hundred libraries


def test_the_defaults_are_the_published_headline_and_agree_with_the_base_case(
    library, real_evidence, default_assumptions
):
    published = make_forecast(real_evidence, library, default_assumptions)
    assert published.status == "good"
    moved = default_assumptions.replace({"C01": 2.0})
    again = make_forecast(real_evidence, library, moved.replace({"C01": default_assumptions.values["C01"]}))
    assert again.table.equals(published.table)
    fit = base_case(real_evidence)
    own = fit_counts(fit) / library.ledgers
    weights = reweight(library, default_assumptions)
    mcse = np.hypot(weighted_mcse(library.probabilities, weights, library), mean_error(own, fit.chain))
    assert np.all(np.abs(weighted_mean(library.probabilities, weights) - own.mean(axis=0)) < 3 * mcse)


def test_the_smallest_move_changes_no_number_by_noise(library, real_evidence, default_assumptions: Assumptions):
    """One step of a slider moves M1's probabilities by what the step means: far less than a Monte Carlo error."""
    knob = default_assumptions.knobs["C07"]
    near = default_assumptions.replace({"C07": knob.default + knob.step})
    tables = [make_forecast(real_evidence, library, one).table for one in (default_assumptions, near)]
    rows = tables[0]["output_type"] == PMF
    assert (tables[0].loc[rows, "value"] - tables[1].loc[rows, "value"]).abs().max() < 0.002
