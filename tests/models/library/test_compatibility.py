"""How compatible the record is with a setting: against closed forms and against another estimator."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.library.compatibility import NOTABLE, Compatibility
from models.library.reweighting import support_mcse, weigh
from tests.support.values.conjugate import BASE_PRIOR, SIZE, Truth, library, moved

ANCHORS = [BASE_PRIOR, moved(level_mean=1.5), moved(persistence=(4.0, 7.0)), moved(level_sd=0.8, break_mean=-5.5)]


@pytest.mark.parametrize(
    "prior",
    [
        moved(level_mean=1.2),
        moved(level_mean=-0.2),
        moved(persistence=(5.0, 6.0)),
        moved(break_mean=-5.0),
        moved(level_mean=1.0, persistence=(6.0, 5.0), beta_sd=np.full(SIZE, 0.12)),
    ],
)
def test_ratio_is_the_closed_form_within_its_error(prior):
    pool = library(ANCHORS, 4000, np.random.default_rng(3))
    weights, base = weigh(pool, prior), weigh(pool, BASE_PRIOR)
    found = weights.log_support - base.log_support
    truth = Truth(prior=prior).log_support - Truth(prior=BASE_PRIOR).log_support
    error = support_mcse(weights, pool, base)
    assert error < 0.06
    assert abs(found - truth) < 4 * error


def test_a_ratio_against_itself_has_no_error():
    pool = library(ANCHORS, 400, np.random.default_rng(4))
    weights = weigh(pool, moved(level_mean=1.0))
    assert support_mcse(weights, pool, weights) == 0


@pytest.mark.parametrize(
    ("log_ratio", "mcse", "conflict"),
    [
        (-math.log(NOTABLE) - 0.5, 0.1, True),
        (-math.log(NOTABLE) - 0.5, 0.3, False),
        (-math.log(NOTABLE) + 0.1, 0.0, False),
        (2.0, 0.0, False),
    ],
)
def test_a_conflict_needs_a_notable_ratio_beyond_its_error(log_ratio, mcse, conflict):
    found = Compatibility(log_ratio=log_ratio, mcse=mcse, status="good")
    assert found.conflict is conflict
    assert found.times >= 1
