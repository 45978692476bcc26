"""Pins and acts of a session: read from a link, kept in undo, and what of them can be asked of a board."""

from types import SimpleNamespace

import pytest

from dashboard.settings import conditions
from dashboard.settings.account import Account
from dashboard.settings.conditions import ACT, PIN, Conditions, admitted, read_conditions
from dashboard.settings.link import View
from data.load import load_claims
from data.receipts import DATA_FOLDER
from models.assumptions.setting import Assumptions
from models.errors import AssumptionError
from models.signposts.pins import Act, Observed, StateHeld

DEFAULTS = Assumptions.defaults(load_claims(DATA_FOLDER))
YES, NO, HELD = Observed(id="S03", yes=True), Observed(id="S03", yes=False), StateHeld(state="deeper", year=2028)


def test_pins_and_acts_survive_their_link():
    asked = Conditions(pins=(YES, HELD), acts=(Act(id="S09", year=2027),))
    assert asked.texts == {PIN: ("S03=yes", "deeper@2028"), ACT: ("S09@2027",)}
    assert read_conditions(asked.texts) == (asked, ())
    assert Conditions().texts == {}


def test_a_link_with_fifty_pins_opens_with_three_and_says_so():
    texts = [f"S0{index % 9 + 1}={'yes' if index < 9 else 'no'}" for index in range(18)] + [
        f"deeper@{y}" for y in range(2000, 2032)
    ]
    asked, (problem,) = read_conditions({PIN: texts})
    assert [pin.text for pin in asked.pins] == texts[:3]
    assert "asks for 50 pins" in problem
    assert len(problem) < 200


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({PIN: ["S03"]}, "such as S03=yes"),
        ({PIN: ["S03=perhaps"]}, "such as S03=yes"),
        ({PIN: ["S99=yes"]}, "S99"),
        ({PIN: ["peace@2028"]}, "such as S03=yes"),
        ({PIN: [""]}, "such as S03=yes"),
        ({ACT: ["S09"]}, "such as S09@2027"),
        ({ACT: ["S99@2027"]}, "S99"),
        ({ACT: ["deeper@2027"]}, "such as S09@2027"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_opened(link, told):
    asked, (problem,) = read_conditions({PIN: ["deeper@2028", *link.get(PIN, ())], ACT: link.get(ACT, ())})
    assert asked == Conditions(pins=(HELD,))
    assert told in problem


def test_fifty_unreadable_pins_do_not_fill_the_page():
    _, problems = read_conditions({PIN: [f"x{index}" for index in range(50)]})
    assert len(problems) == 4
    assert problems[-1].startswith("47 more pins")


def test_another_answer_to_the_same_question_takes_the_first_ones_place():
    asked = Conditions().pinned(YES).pinned(HELD).pinned(NO)
    assert asked.pins == (HELD, NO)
    assert (asked.answer("S03"), asked.answer("S04")) == ("no", "")
    assert asked.pinned(StateHeld(state="strain", year=2028)).pins == (NO, StateHeld(state="strain", year=2028))
    assert Conditions().done(Act(id="S09", year=2027)).done(Act(id="S09", year=2028)).acts == (
        Act(id="S09", year=2028),
    )
    assert asked.without(NO).without(HELD) == Conditions()


def test_what_is_made_to_happen_is_not_observed_as_well():
    act = Act(id="S03", year=2027)
    assert Conditions(pins=(YES, HELD)).done(act) == Conditions(pins=(HELD,), acts=(act,))
    assert Conditions(acts=(act,)).pinned(NO) == Conditions(pins=(NO,))


def test_a_fourth_pin_is_refused():
    asked = Conditions(pins=tuple(Observed(id=f"S0{index}", yes=True) for index in (1, 2, 3)))
    with pytest.raises(AssumptionError, match="3 that can be asked together"):
        asked.pinned(HELD)


def test_what_a_board_refuses_stays_and_says_why(monkeypatch):
    def require(pins, _):
        if len(pins) > 1:
            raise AssumptionError(f"got {pins[-1].text}, expected another")

    def require_act(act, _):
        raise AssumptionError(f"got {act.text} to do, expected none")

    monkeypatch.setattr(conditions, "require_pins", require)
    monkeypatch.setattr(conditions, "require_act", require_act)
    asked = Conditions(pins=(YES, HELD), acts=(Act(id="S09", year=2027),))
    taken = admitted(asked, SimpleNamespace())
    assert taken.conditions == Conditions(pins=(YES,))
    assert dict(taken.refused) == {
        "deeper@2028": "got deeper@2028, expected another",
        "S09@2027": "got S09@2027 to do, expected none",
    }


def test_undo_walks_over_moves_and_pins_alike():
    account = Account.of(DEFAULTS, View(), ())
    account.suppose(Conditions().pinned(YES))
    account.commit(DEFAULTS.replace({"C01": 2.0}))
    account.reset()
    assert (account.setting.is_default, account.conditions.pins) == (True, (YES,))
    account.undo()
    account.undo()
    assert (account.setting.is_default, account.conditions.pins) == (True, (YES,))
    account.undo()
    assert account.conditions == Conditions()
    account.redo()
    assert account.conditions.pins == (YES,)
    account.suppose(account.conditions)
    assert len(account.history.past) == 1


def test_the_open_card_stands_in_the_address_of_its_page_only():
    view = View(signpost="S03", entry="abcdef")
    assert (view.on("ask").signpost, view.on("ask").entry) == ("S03", "")
    assert (view.on("record").signpost, view.on("record").entry) == ("", "abcdef")
    assert view.on("") == View()
