"""The one gate: asked before anything is done, on the server, whatever a page has drawn.

`passing` surrounds the deed. What writes insists on it (`require_passing`), so that a way around the gate is an error
and not a hole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from dashboard.roles import assigned
from dashboard.roles.actions import ALLOWANCES, NEEDED, Action, Role, RoleError, allows
from dashboard.roles.people import Person, person
from dashboard.server import allowances

_PASSING: ContextVar[Action | None] = ContextVar("passing", default=None)


def may(action: Action) -> bool:
    """Whether whoever the session belongs to has the role for an action."""
    return allows(person().role, action)


def refusal(action: Action) -> str:
    """Why the session's person may not do something, in a sentence with what to do; empty where they may."""
    someone = person()
    return "" if allows(someone.role, action) else _why(someone, action)


@contextmanager
def passing(action: Action, *, counted: bool = True) -> Iterator[Person]:
    """Do something, if the session's person may.

    Parameters
    ----------
    counted : bool
        It is a use of the person's allowance.

    Yields
    ------
    Person
        Who does it; the record takes the author from here.

    Raises
    ------
    RoleError
    """
    someone = person()
    require(someone, action)
    if counted:
        spend(someone, action)
    token = _PASSING.set(action)
    try:
        yield someone
    finally:
        _PASSING.reset(token)


def require(someone: Person, action: Action) -> None:
    """Refuse who has not the role.

    Raises
    ------
    RoleError
    """
    if not allows(someone.role, action):
        raise RoleError(_why(someone, action))


def spend(someone: Person, action: Action) -> None:
    """Count one use.

    Raises
    ------
    RoleError
        They have done it too often.
    """
    if not someone.here and (reason := allowances.spend(action.name, ALLOWANCES[action], someone.visitor)):
        raise RoleError(f"You may not {action.value} now. {reason}")


def spent(someone: Person, action: Action) -> str:
    """Why somebody must wait before they do it again; empty where they need not."""
    return "" if someone.here else allowances.spent(action.name, ALLOWANCES[action], someone.visitor)


def require_passing() -> Action:
    """The action that is being done.

    Raises
    ------
    RoleError
        None is: something would be written past the gate.
    """
    if (action := _PASSING.get()) is None:
        raise RoleError("got a change that passed no gate, expected an action with a role; this is a bug, report it")
    return action


def _why(someone: Person, action: Action) -> str:
    needed: Role = NEEDED[action]
    if someone.expired:
        return f"You may not {action.value}: your sign-in is too long ago. Sign in again."
    if someone.signed_in:
        return (
            f"You may not {action.value}: that needs the role of a {needed.word}, and yours is {someone.role.word}. "
            "Ask whoever runs this page for it."
        )
    if assigned.signing_in():
        return f"You may not {action.value} without signing in: that needs the role of a {needed.word}."
    return (
        f"You may not {action.value}: this page is open to others and nobody signs in, so that it can be read only. "
        f"Whoever runs it can set up sign-in, or say who everybody is ({assigned.EVERYONE_VARIABLE}, docs/security.md)."
    )
