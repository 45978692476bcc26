"""Green badges wait for refits that agree with a library: without them, or off by too much, all is fair at best."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from data.types import Evidence
from models.errors import StaleFitError
from models.forecast.results import make_forecast
from models.library.checked import (
    CHECKED,
    LARGEST_ERROR,
    MISSED,
    UNCHECKED,
    HeldSetting,
    LibraryCheck,
    check_text,
    read_check,
    why_not_green,
)
from models.weighting.status import Status
from tests.support.values.factories import synthetic_library

GREEN = HeldSetting(name="single 1", changed="C01=1.3", status="good", error=LARGEST_ERROR)
FAIR = HeldSetting(name="triple 1", changed="C01=1.3; C02=0.8", status="fair", error=9.0)


def checked(*settings: HeldSetting) -> LibraryCheck:
    return LibraryCheck(library="k" * 64, made="2026-11-28", seed=7, settings=settings)


@pytest.mark.parametrize(
    ("settings", "passed"),
    [((GREEN, FAIR), True), ((replace(GREEN, error=LARGEST_ERROR + 0.01), FAIR), False), ((FAIR,), False), ((), False)],
)
def test_only_what_the_badge_vouched_for_is_held_against_it(settings, passed):
    assert checked(*settings).passed is passed
    assert why_not_green(checked(*settings)) == ("" if passed else MISSED)


def test_a_check_comes_back_and_counts_for_its_own_library_alone(tmp_path):
    check = checked(GREEN, FAIR)
    (tmp_path / CHECKED).write_bytes(check_text(check))
    assert read_check(tmp_path, check.library) == check
    assert read_check(tmp_path, "another") is None
    assert why_not_green(read_check(tmp_path, "another")) == UNCHECKED


def test_a_verdict_that_was_changed_by_hand_is_worked_out_anew(tmp_path):
    document = checked(replace(GREEN, error=5.0)).document | {"passed": True}
    (tmp_path / CHECKED).write_text(json.dumps(document))
    assert not read_check(tmp_path, document["library"]).passed


def test_a_damaged_check_is_told(tmp_path):
    (tmp_path / CHECKED).write_text('{"library": "k"}')
    with pytest.raises(StaleFitError, match=r"is damaged .* run `python -m models library check`"):
        read_check(tmp_path, "k")


def test_doubt_takes_the_green_from_every_answer_and_moves_no_number(real_evidence: Evidence, default_assumptions):
    library = synthetic_library(real_evidence)
    sure, doubted = (
        make_forecast(real_evidence, one, default_assumptions) for one in (library, library.doubted("why"))
    )
    assert sure.status.rank <= doubted.status.rank
    assert doubted.status.rank >= Status.FAIR.rank
    assert (sure.unchecked, doubted.unchecked) == ("", "why")
    assert doubted.table.equals(sure.table)
