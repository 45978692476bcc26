"""The short study that comes with every library: three settings, of its own date, and their errors in points."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.types import Evidence
from models.engine_study.check import SETTINGS, check_library
from models.engine_study.held_out import ATTEMPTS
from models.fits.alignment_fit import AlignmentFit
from models.library.library import Library
from tests.support.values.anchor_work import fit_of, library_of_fits
from tests.support.values.factories import synthetic_fit


@pytest.fixture(scope="module")
def template(real_evidence: Evidence) -> AlignmentFit:
    return synthetic_fit(real_evidence, samples=200)


@pytest.fixture(scope="module")
def library(real_evidence: Evidence, template: AlignmentFit) -> Library:
    return library_of_fits(real_evidence, [template])


def test_three_settings_are_fitted_as_well_as_those_of_the_long_study(real_evidence, template, library):
    asked = []

    def refit(tasks):
        asked.extend(tasks)
        return [fit_of(template, task) for task in tasks]

    check = check_library(real_evidence, library, "2026-11-28", refit)
    assert [task.name for task in asked] == ["single 1", "single 2", "triple 1"]
    assert [task.settings for task in asked] == [ATTEMPTS] * 3
    assert (check.library, len(check.settings)) == (library.key, sum(SETTINGS.values()))
    assert [one.changed.count("=") for one in check.settings] == [1, 1, 3]


def test_a_library_is_off_by_what_its_refits_say(real_evidence, template, library):
    states = template.probabilities["state_probability"]
    certain = template.probabilities.assign(state_probability=(states * 0 + [0.0, 0.0, 1.0, 0.0]).astype("float32"))
    sure = replace(template, probabilities=certain)
    check = check_library(real_evidence, library, "2026-11-28", lambda tasks: [sure] * len(tasks))
    doubt = 100 * (1 - float(states.mean("sample").sel(state="transactional").min()))
    assert max(one.error for one in check.settings) > doubt / 2
    assert not check.passed
