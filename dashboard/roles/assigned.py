"""Which role people have. Three sources, and no fourth: a sign-in that the server itself verified and the lists of
`[roles]` in `secrets.toml`; else the variable that whoever runs the page has set; else the machine that people sit at.
"""

import os
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Self

from streamlit.auth_util import get_secrets_auth_section
from streamlit.runtime.secrets import secrets_singleton

from dashboard.roles.actions import Role, RoleError
from data.digest import Fields
from data.values import frozen, settle

EVERYONE_VARIABLE = "CONJUNCTION_EVERYONE_IS"
"""The role of whoever can open the page, where nobody signs in."""
SECTION, SIGNED_IN, CLAIM = "roles", "signed_in", "groups_claim"
LISTS = ("emails", "groups", "subjects")
GIVEN = (Role.KEEPER, Role.FORECASTER)
"""Roles that lists can give, the higher first; everybody may read."""
SECRET_LETTERS = 32
"""Of the secret that signs the cookie of a sign-in: whoever guesses it is whoever he likes."""

type Lists = Mapping[str, frozenset[str]]


@frozen
class Roles:
    """Which claims of a signed-in person give which role.

    Attributes
    ----------
    lists : Mapping[Role, Mapping[str, frozenset of str]]
        E-mail addresses in small letters, groups, and subjects (the provider's own names of people), by role.
    signed_in : Role
        Of everybody who signs in and stands in no list.
    claim : str
        In which the provider sends somebody's groups.
    """

    lists: Mapping[Role, Lists] = MappingProxyType({})
    signed_in: Role = Role.READER
    claim: str = "groups"

    def __post_init__(self) -> None:
        settle(self, lists=MappingProxyType(dict(self.lists)))

    @classmethod
    def read(cls, section: Fields) -> Self:
        """Read `[roles]`.

        Raises
        ------
        RoleError
            It says something that is not known here: a role given by mistake would open the record.
        """
        known = {SIGNED_IN, CLAIM, *(role.word for role in GIVEN)}
        if odd := sorted(set(section) - known):
            raise RoleError(f"[{SECTION}]: got {', '.join(odd)[:80]!r}, expected only {', '.join(sorted(known))}")
        lists = {role: _lists(role, section[role.word]) for role in GIVEN if role.word in section}
        claim = section.get(CLAIM, "groups")
        if not (isinstance(claim, str) and claim):
            raise RoleError(f"[{SECTION}] {CLAIM}: got {claim!r}, expected the name of a claim")
        return cls(lists=lists, signed_in=Role.named(section.get(SIGNED_IN, Role.READER.word)), claim=claim)

    def of(self, claims: Fields) -> Role:
        """The role of a person by the claims of a verified sign-in.

        An e-mail address counts only where the provider says that it is verified: elsewhere people may type what they
        like.
        """
        said = {
            "emails": {str(claims.get("email", "")).casefold()} if claims.get("email_verified") is True else set(),
            "groups": _texts(claims.get(self.claim)),
            "subjects": _texts(claims.get("sub")),
        }
        for role in GIVEN:
            if any(said[name] & names for name, names in self.lists.get(role, {}).items()):
                return role
        return self.signed_in


@cache
def signing_in() -> bool:
    """Whether people can sign in here; as it was when the server started."""
    return bool(get_secrets_auth_section())


@cache
def roles() -> Roles:
    """What `[roles]` says, as it was when the server started; where it says nothing, who signs in is a reader.

    Raises
    ------
    RoleError
    """
    section = secrets_singleton.get(SECTION, {}) if secrets_singleton.load_if_toml_exists() else {}
    if not isinstance(section, Mapping):
        raise RoleError(f"[{SECTION}]: got {type(section).__name__}, expected a table of roles (docs/security.md)")
    return Roles.read(section)


def everyone() -> Role | None:
    """The role that whoever runs the page gives everybody who can open it; None where nothing is said.

    Raises
    ------
    RoleError
        It names no role.
    """
    word = os.environ.get(EVERYONE_VARIABLE, "")
    return Role.named(word) if word else None


def require_sound() -> None:
    """Refuse a server whose roles or sign-in cannot be what somebody meant.

    Raises
    ------
    RoleError
    """
    roles(), everyone()
    if auth := get_secrets_auth_section():
        secret = str(auth.get("cookie_secret", ""))
        if len(secret) < SECRET_LETTERS:
            raise RoleError(
                f"[auth] cookie_secret: got {len(secret)} letters, expected at least {SECRET_LETTERS} drawn by chance; "
                'make one with: python -c "import secrets; print(secrets.token_hex())"'
            )


def _lists(role: Role, section: object) -> Lists:
    if not isinstance(section, Mapping) or (odd := set(section) - set(LISTS)):
        got = f"{', '.join(sorted(odd))[:80]!r}" if isinstance(section, Mapping) else repr(section)[:40]
        raise RoleError(f"[{SECTION}.{role.word}]: got {got}, expected lists named {', '.join(LISTS)}")
    for name, names in section.items():
        if isinstance(names, str) or not all(isinstance(one, str) and one for one in names):
            raise RoleError(f"[{SECTION}.{role.word}] {name}: got {names!r:.60}, expected a list of texts")
    folded = {name: (one.casefold() if name == "emails" else one for one in names) for name, names in section.items()}
    return {name: frozenset(names) for name, names in folded.items()}


def _texts(value: object) -> set[str]:
    if isinstance(value, str):
        return {value}
    return {one for one in value if isinstance(one, str)} if isinstance(value, list | tuple) else set()
