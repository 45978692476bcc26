"""Chances by themselves: closed forms at one rate, variants, yardsticks by hand, answers by the rule that resolves."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from models.outcome.signposts import resolve_signpost
from models.signpost_study.chances import NO_EXPOSURE, NO_FADING, SIGNPOST_MODEL, Known
from models.signpost_study.controls import DOUBLED, PLANTED, control_table
from models.signpost_study.questions import answers, asked, rules
from models.signpost_study.yardsticks import EARLIEST, yardsticks, yearly_counts
from models.signposts.constants import SIGNPOSTS_1
from models.signposts.rates import YearlyRows
from models.signposts.windows import Coming
from models.signposts.yardsticks import EXPANDING, TEN_YEARS, own_rate
from tests.support.values.signpost_rows import PATROL, ledger, patrol_question

TWICE = patrol_question(replace(PATROL, min_count=2), name="S91")
NONE = patrol_question(replace(PATROL, none_expected=True), name="S92")
QUESTIONS = (patrol_question(), TWICE, NONE)
PATROLS = (1995, 1999, 1999, 2004, 2010, 2011)
EVENTS = ledger(dict.fromkeys(range(1983, 2016), 8), PATROLS)
EVIDENCE = SimpleNamespace(events=EVENTS, as_of=date(2015, 12, 31))


def known(year: int = 2010, **structure: object) -> Known:
    record = YearlyRows.of(EVENTS, QUESTIONS, date(year, 12, 31))
    return Known.of(record, QUESTIONS, replace(SIGNPOSTS_1, **structure))


def test_at_one_rate_and_one_luck_a_chance_is_poissons() -> None:
    own = known(least=0.4, most=0.4, points=1, depth_log_sd=0.0)
    x = 3 * 8.5 / 10
    expected = [1 - np.exp(-0.4 * x), 1 - np.exp(-0.4 * x) * (1 + 0.4 * x), np.exp(-0.4 * x)]
    np.testing.assert_allclose(own.whole_years(2010)[3].mean(axis=1), expected, atol=4e-4)


def test_windows_may_be_asked_together_or_one_by_one() -> None:
    coming = Coming.after(date(2010, 12, 31))
    dated = [asked(question, 2010, 2) for question in QUESTIONS]
    np.testing.assert_allclose(known().whole_years(2010)[2], known().by_luck(dated, coming), atol=1e-12)
    seen = known().by_luck(dated, coming, seen=[0, 1, 0])
    np.testing.assert_allclose(seen[1], seen[0], atol=1e-12)  # one of two is there: one more settles it


def test_without_exposure_every_year_counts_as_ten_rows() -> None:
    flat = known().varied(NO_EXPOSURE)
    assert (flat.record.rows == 10).all()
    assert np.ptp(flat.whole_years(2010)[1], axis=1).max() == 0
    assert known().varied(SIGNPOST_MODEL).whole_years(2010)[1] == pytest.approx(known().whole_years(2010)[1])
    assert known().varied(NO_FADING).rates.weights[0] != pytest.approx(known().rates.weights[0], abs=1e-3)


def test_each_rule_is_asked_once_and_no_break_act() -> None:
    again = replace(QUESTIONS[0], id="S95", deadline=date(2027, 12, 31))
    act = patrol_question(replace(PATROL, max_intensity=-9), name="S96")
    assert rules((*QUESTIONS, again, act)) == QUESTIONS


def test_answers_are_those_of_the_rule_that_resolves() -> None:
    table = answers(EVIDENCE, QUESTIONS, range(1992, 2014)).set_index(["origin", "horizon", "id"])
    assert len(table) == 3 * (22 + 22 + 21)  # nobody knows 2016 yet
    for origin, ahead in ((1992, 3), (1998, 1), (2003, 2), (2012, 3)):
        for question in QUESTIONS:
            dated = asked(question, origin, ahead)
            resolved = resolve_signpost(dated, EVENTS, dated.deadline)
            assert table.loc[(origin, ahead, question.id), "yes"] == (resolved.status == "yes")
    unseen = table["unseen"].unstack("id").groupby("origin").first()
    assert unseen.index[unseen["S90"]].tolist() == [1992, 1993, 1994]


def test_yardsticks_are_jeffreys_rates_added_up_over_years() -> None:
    counts = yearly_counts(EVENTS, QUESTIONS[0], 2010)
    assert counts[1999 - EARLIEST] == 2
    past = yardsticks(counts, QUESTIONS[0], 2010, 3)
    assert past[EXPANDING] == pytest.approx(1 - (1 - 4.5 / 20) ** 3)  # four of the nineteen years 1992-2010
    assert past[TEN_YEARS] == pytest.approx(1 - (1 - 2.5 / 11) ** 3)  # 2004 and 2010
    assert yardsticks(counts, NONE, 2010, 1)[EXPANDING] == pytest.approx(1 - 4.5 / 20)


def test_two_rows_may_come_in_one_year_or_in_two() -> None:
    counts = np.array([0, 1, 2, 0])
    once, twice = 2.5 / 5, 1.5 / 5
    none, one = 1 - once, once - twice
    assert own_rate(counts, TWICE, [1.0], 2) == pytest.approx(twice)
    assert own_rate(counts, TWICE, [1.0, 1.0], 2) == pytest.approx(1 - none**2 - 2 * none * one)


def test_rows_from_later_change_nothing_and_rows_twice_only_the_exposure() -> None:
    table = control_table(EVIDENCE, QUESTIONS, (1999, 2010)).set_index(["control", "origin"])
    assert table["met"].all()
    assert (table.loc[PLANTED, "largest"] == 0).all()
    assert (table.loc[PLANTED, "rows"] == 3).all()
    assert (table.loc[DOUBLED, "largest"] > 1e-4).all()


def test_a_leak_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = YearlyRows.of

    def a_year_ahead(events, signposts, as_of, *more):
        return honest(events, signposts, date(as_of.year + 1, 12, 31), *more)

    monkeypatch.setattr(YearlyRows, "of", a_year_ahead)
    table = control_table(EVIDENCE, QUESTIONS, (2010,)).set_index("control")
    assert not table.loc[PLANTED, "met"]
