"""What can be done on the page, and the role that each action needs. Pure: a table and a comparison."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType

from dashboard.server.allowances import Allowance
from dashboard.server.uploads import UPLOADS
from data.errors import ConjunctionError


class RoleError(ConjunctionError, RuntimeError):
    """Somebody may not do what was asked, not so often, or the roles themselves cannot be read."""


class Role(IntEnum):
    """What somebody may do; each role may do all that those before it may."""

    READER = 0
    FORECASTER = 1
    KEEPER = 2

    @property
    def word(self) -> str:
        """As it is written in settings and on the page."""
        return self.name.lower()

    @classmethod
    def named(cls, word: str) -> "Role":
        """The role of that name.

        Raises
        ------
        RoleError
        """
        try:
            return cls[str(word).strip().upper()]
        except KeyError:
            names = ", ".join(role.word for role in cls)
            raise RoleError(f"got the role {str(word)[:40]!r}, expected one of {names}; correct it") from None


class Action(StrEnum):
    """What can be done. The value completes the sentence "You may not …"."""

    UPLOAD = "read a file into the page"
    EXPORT = "have a file made"
    CHECK = "have the whole record checked"
    ASK_REFIT = "ask for a refit"
    REFIT = "refit as often as it takes"
    CANCEL = "stop a refit of others"
    SAVE = "save a forecast"
    REMARK = "add a remark"
    RESOLVE = "resolve what is due"
    DISPUTE = "dispute an answer"
    SETTLE = "settle a dispute"
    REPLAY = "replay history into the record"
    UPDATE = "change the evidence"


NEEDED: Mapping[Action, Role] = MappingProxyType(
    {
        Action.UPLOAD: Role.READER,
        Action.EXPORT: Role.READER,
        Action.CHECK: Role.READER,
        Action.ASK_REFIT: Role.READER,
        Action.REFIT: Role.FORECASTER,
        Action.SAVE: Role.FORECASTER,
        Action.REMARK: Role.FORECASTER,
        Action.CANCEL: Role.KEEPER,
        Action.RESOLVE: Role.KEEPER,
        Action.DISPUTE: Role.KEEPER,
        Action.SETTLE: Role.KEEPER,
        Action.REPLAY: Role.KEEPER,
        Action.UPDATE: Role.KEEPER,
    }
)
"""The least role for each action."""
_WRITES = Allowance(each="60 per 1 hour", together="300 per 1 hour")
ALLOWANCES: Mapping[Action, Allowance] = MappingProxyType(
    {
        Action.UPLOAD: UPLOADS,
        Action.EXPORT: Allowance(each="30 per 10 minutes", together="200 per 10 minutes"),
        Action.CHECK: Allowance(each="5 per 10 minutes", together="20 per 10 minutes"),
        Action.ASK_REFIT: Allowance(each="3 per 1 hour", together="20 per 1 hour"),
        Action.REFIT: Allowance(each="30 per 1 hour", together="120 per 1 hour"),
        **dict.fromkeys((Action.SAVE, Action.REMARK, Action.RESOLVE, Action.DISPUTE, Action.SETTLE), _WRITES),
        **dict.fromkeys((Action.CANCEL, Action.REPLAY, Action.UPDATE), _WRITES),
    }
)
"""How often, of whoever is not at this very machine. A refit takes one worker some fifteen seconds: of an hour's 240,
readers are given twenty. A file to export takes up to ten seconds, the check of a large record a minute."""


def allows(role: Role, action: Action) -> bool:
    """Whether a role may do something."""
    return role >= NEEDED[action]
