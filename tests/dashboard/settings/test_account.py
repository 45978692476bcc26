"""A session's account: what counts as a move, what is drawn anew, and in which order things are taken."""

import pytest

from dashboard.settings.account import LIVES, Account, same
from dashboard.settings.link import View
from data.load import load_claims
from data.receipts import DATA_FOLDER
from models.assumptions.setting import Assumptions

DEFAULTS = Assumptions.defaults(load_claims(DATA_FOLDER))


@pytest.fixture
def account() -> Account:
    return Account.of(DEFAULTS, View(), ())


def drawn(account: Account, knob: str) -> str:
    """Draw the slider of a knob; its key."""

    def take(value: object) -> None:
        account.commit(account.setting.replace({knob: account.setting.knobs[knob].snap(value)}))

    return account.key(knob, account.setting.values[knob], take)


def test_only_a_report_that_differs_from_what_the_widget_showed_is_a_move(account):
    first, second = drawn(account, "C01"), drawn(account, "C02")
    account.settle({first: 1.6, second: 1.4})
    assert account.history.past == ()
    account.settle({first: 2.0, second: 1.4})
    assert account.setting.changed == ("C01",)
    account.settle({first: 2.0, second: 1.4})
    assert len(account.history.past) == 1


def test_an_old_widget_that_repeats_itself_takes_nothing_back(account):
    """The fault of the first edition: the preset box, drawn anew after a move, was reported as it had been."""
    resets = []
    preset = account.key("preset", "essay", resets.append)
    slider = drawn(account, "C01")
    account.settle({preset: "essay", slider: 3.0})
    assert account.key("preset", None, resets.append) != preset
    other = drawn(account, "C02")
    account.settle({preset: "essay", slider: 3.0, other: 2.15})
    assert (account.setting.values["C01"], account.setting.values["C02"], resets) == (3.0, 2.15, [])


def test_a_late_move_of_a_widget_that_was_just_replaced_still_counts(account):
    old = drawn(account, "C01")
    account.commit(DEFAULTS.replace({"C01": 2.0}))
    assert drawn(account, "C01") != old
    account.settle({old: 2.5})
    assert account.setting.values["C01"] == 2.5


def test_a_widget_keeps_its_key_while_it_shows_what_is_in_force(account):
    key = drawn(account, "C01")
    account.settle({key: 2.1500000000000004})
    assert account.setting.values["C01"] == 2.15
    assert drawn(account, "C01") == key
    account.settle({key: 2.1500000000000004})
    assert len(account.history.past) == 1


def test_what_cannot_be_taken_as_it_is_gets_a_new_life_at_the_nearest_value(account):
    key = drawn(account, "C01")
    account.settle({key: 1.97})
    assert account.setting.values["C01"] == 1.95
    assert drawn(account, "C01") != key


def test_a_turn_of_the_page_mounts_every_widget_anew_and_keeps_what_is_in_force(account):
    key = drawn(account, "C01")
    account.settle({key: 2.0})
    account.turn("assumptions")
    other = drawn(account, "C01")
    assert other != key
    account.turn("assumptions")
    assert drawn(account, "C01") == other
    account.settle({key: 2.0, other: 2.0})
    assert (account.setting.values["C01"], len(account.history.past)) == (2.0, 1)


def test_moves_are_taken_before_the_button_that_came_with_them(account):
    key = drawn(account, "C01")
    account.press(account.undo)
    account.settle({key: 2.0})
    assert account.setting == DEFAULTS
    assert account.history.future[0].assumptions.values["C01"] == 2.0


def test_every_press_counts_once(account):
    for value in (2.0, 2.5):
        account.commit(DEFAULTS.replace({"C01": value}))
    account.press(account.undo)
    account.settle({})
    account.settle({})
    assert account.setting.values["C01"] == 2.0


def test_keys_are_bounded_and_come_back_with_what_they_then_show(account):
    keys = set()
    for step in range(3 * LIVES):
        account.commit(DEFAULTS.replace({"C01": 2.0 if step % 2 else 2.5}))
        key = drawn(account, "C01")
        account.settle({key: account.setting.values["C01"]})
        keys.add(key)
    assert len(keys) == LIVES
    assert len(account.history.past) == 3 * LIVES


@pytest.mark.parametrize(
    ("shown", "value", "equal"),
    [(2.15, 2.1500000000000004, True), (0.024, 0.025, False), (None, 1.6, False), ("", "", True), (2, 2, True)],
)
def test_sameness(shown, value, equal):
    assert same(shown, value) is equal


def test_a_click_is_taken_once_and_the_picture_stays_until_something_else_is_in_force(account):
    taken = []

    def drawn_picture(in_force: int | None) -> str:
        return account.click_key("years", in_force, taken.append)

    key = drawn_picture(1975)  # a link: nothing was clicked yet
    account.settle({key: None})
    assert (drawn_picture(1975), taken) == (key, [])
    account.settle({key: 1969})
    account.settle({key: 1969})
    assert (drawn_picture(1969), taken) == (key, [1969])
    closed = drawn_picture(None)
    assert closed != key
    account.settle({key: 1969, closed: None})
    assert taken == [1969]
    account.settle({closed: 1969})
    assert taken == [1969, 1969]
