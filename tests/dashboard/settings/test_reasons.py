"""Two strengths of the essay's reasons: which a setting has, and what it is shown beside."""

import pytest

from dashboard.settings.reasons import (
    STRENGTH,
    Answer,
    counterpart,
    essay_strength,
    evidence_alone,
    kind,
    strength_alone,
    with_reasons,
)
from data.load import load_evidence
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions
from tests.support.values.year_end import YEAR_END

DEFAULTS = Assumptions.defaults(load_evidence(YEAR_END).claims)
MOVED = DEFAULTS.replace({"C01": 2.0, "rupture_hazard": 0.05})


def test_the_preset_is_the_default_with_the_essays_strength():
    assert dict(with_reasons(DEFAULTS).values) == dict(DEFAULTS.replace(presets(DEFAULTS.knobs)["essay"].values).values)
    assert essay_strength(DEFAULTS.knobs) > DEFAULTS.values[STRENGTH]


@pytest.mark.parametrize(
    ("setting", "own", "beside"),
    [
        (MOVED, Answer.EVIDENCE, Answer.REASONS),
        (with_reasons(MOVED), Answer.REASONS, Answer.EVIDENCE),
        (MOVED.replace({STRENGTH: 1.0}), Answer.OWN, Answer.REASONS),
    ],
)
def test_both_answers_share_every_other_move(setting, own, beside):
    other = counterpart(setting)
    assert (kind(setting), kind(other)) == (own, beside)
    assert dict(other.replace({STRENGTH: setting.values[STRENGTH]}).values) == dict(setting.values)
    assert counterpart(evidence_alone(setting)) == with_reasons(setting)


def test_how_far_a_claim_can_move_is_measured_once_a_strength():
    assert strength_alone(MOVED) == DEFAULTS
    assert strength_alone(with_reasons(MOVED)) == with_reasons(DEFAULTS)
