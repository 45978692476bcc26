"""What is kept of an answer is the same answer, and never another library's or another prior's."""

from dataclasses import replace

import numpy as np
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.forecast.answers import KEPT, answers
from models.library.library import Library
from models.library.reweighting import alignment_answer, reweight
from models.names import MODEL_M1
from tests.support.values.factories import synthetic_library


@pytest.fixture(scope="module")
def library(real_evidence: Evidence) -> Library:
    return synthetic_library(real_evidence)


def test_the_latent_alignment_is_asked_again_only_for_another_prior(
    real_evidence: Evidence, library: Library, default_assumptions: Assumptions
) -> None:
    first = answers(real_evidence, library, default_assumptions)[MODEL_M1]
    for elsewhere in ({"stickiness": 0.9}, {"regimes_weight": 0.1}, {"rupture_hazard": 0.05}):
        assert answers(real_evidence, library, default_assumptions.replace(elsewhere))[MODEL_M1] is first
    moved = default_assumptions.replace({"C01": 1.9, "driver_strength": 0.6})
    again = answers(real_evidence, library, moved)[MODEL_M1]
    assert again is not first
    expected = alignment_answer(library, reweight(library, moved))
    np.testing.assert_array_equal(again.mean, expected.mean)
    np.testing.assert_allclose(again.noise, expected.noise, rtol=0, atol=1e-15)


def test_another_pool_of_the_same_draws_is_asked_for_itself(
    real_evidence: Evidence, library: Library, default_assumptions: Assumptions
) -> None:
    other = replace(library, chain=library.chain + 1)
    pair = [answers(real_evidence, one, default_assumptions)[MODEL_M1] for one in (library, other)]
    assert pair[0] is not pair[1]


def test_only_a_few_are_kept(real_evidence: Evidence, library: Library, default_assumptions: Assumptions) -> None:
    settings = [default_assumptions.replace({"C13": 2.0 + step / 10}) for step in range(KEPT + 1)]
    given = [answers(real_evidence, library, setting)[MODEL_M1] for setting in settings]
    assert answers(real_evidence, library, settings[-1])[MODEL_M1] is given[-1]
    assert answers(real_evidence, library, settings[0])[MODEL_M1] is not given[0]


def test_the_noise_of_the_fourth_state_is_what_the_others_leave(
    real_evidence: Evidence, library: Library, default_assumptions: Assumptions
) -> None:
    answer = answers(real_evidence, library, default_assumptions.replace({"C08": 1.5}))[MODEL_M1]
    plain = library.blocks.of_mean(library.probabilities, answer.weights.values)
    np.testing.assert_allclose(answer.noise, plain, rtol=0, atol=1e-14)
