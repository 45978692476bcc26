"""Every action with every role, in words where it is refused; and that nothing is written past the gate."""

import pytest

from dashboard.roles import gate
from dashboard.roles.actions import NEEDED, Action, Role, RoleError, allows
from dashboard.roles.people import Person

EVERY = [(action, role) for action in Action for role in Role]
MAY = {
    Role.READER: {"UPLOAD", "EXPORT", "CHECK", "ASK_REFIT"},
    Role.FORECASTER: {"UPLOAD", "EXPORT", "CHECK", "ASK_REFIT", "REFIT", "SAVE", "REMARK"},
    Role.KEEPER: {action.name for action in Action},
}
"""Written out a second time, so that a slip in the table shows."""


def whoever(monkeypatch, **fields: object) -> None:
    monkeypatch.setattr(gate, "person", lambda: Person(**fields))


@pytest.mark.parametrize(("action", "role"), EVERY, ids=lambda value: value.name)
def test_every_action_with_every_role(monkeypatch, action, role):
    whoever(monkeypatch, role=role)
    allowed = action.name in MAY[role]
    assert gate.may(action) == allows(role, action) == allowed
    assert bool(gate.refusal(action)) != allowed
    if allowed:
        with gate.passing(action):
            assert gate.require_passing() is action
    else:
        with pytest.raises(RoleError, match=action.value), gate.passing(action):
            pytest.fail("the deed was begun")


def test_every_action_has_its_role():
    assert set(NEEDED) == set(Action)


def test_nothing_passes_before_or_after_a_deed(monkeypatch):
    whoever(monkeypatch, role=Role.KEEPER)
    with gate.passing(Action.SAVE):
        pass
    with pytest.raises(RoleError, match="passed no gate"):
        gate.require_passing()


def test_who_is_refused_hears_what_to_do(monkeypatch):
    whoever(monkeypatch)
    assert "CONJUNCTION_EVERYONE_IS" in gate.refusal(Action.SAVE)
    whoever(monkeypatch, key="k", author="Ada (ada@example.org)")
    assert "yours is reader" in gate.refusal(Action.SAVE)
    whoever(monkeypatch, expired=True)
    assert "Sign in again" in gate.refusal(Action.SAVE)
    monkeypatch.setattr(gate.assigned, "signing_in", lambda: True)
    whoever(monkeypatch)
    assert "without signing in" in gate.refusal(Action.SAVE)
