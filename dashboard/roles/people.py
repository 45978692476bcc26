"""Who a session belongs to, as the server itself knows it: never by what a form or an address says."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.roles import assigned
from dashboard.roles.actions import Role, RoleError
from dashboard.server.reach import is_for_this_machine
from data.digest import Fields
from data.values import frozen
from models.errors import StorageError
from models.text.visible import require_visible

LOGIN_HOURS = 12
"""A sign-in counts so long from the provider's own time: Streamlit's cookie lasts thirty days, and who left the desk
meanwhile would stay."""
NAME_LETTERS = 60


@frozen
class Person:
    """Whoever sits in front of a session.

    Attributes
    ----------
    key : str
        The same in all sessions of a signed-in person, by a digest; empty for everybody else.
    author : str
        What the record says of who saved: name and address as the provider says; empty where authors are typed.
    role : Role
    here : bool
        At this very machine, which nobody else can ask: no limit of use is meant for such a person.
    expired : bool
        Signed in once, too long ago.
    session : str
        Name of the browser session, for what is counted by visitor.
    """

    key: str = ""
    author: str = ""
    role: Role = Role.READER
    here: bool = False
    expired: bool = False
    session: str = ""

    @property
    def signed_in(self) -> bool:
        """Whether a provider vouches for them."""
        return bool(self.key)

    @property
    def visitor(self) -> str:
        """Under which name uses are counted: the person's where one is known, else the session's."""
        return self.key or self.session


def person() -> Person:
    """Whoever the present session belongs to."""
    context = get_script_run_ctx()
    session = context.session_id if context else ""
    return replace(known(st.user.to_dict(), st.context.headers, time.time()), session=session)


def known(claims: Fields, headers: Mapping[str, str], now: float) -> Person:
    """The person behind a session.

    Parameters
    ----------
    claims : mapping
        Of a cookie that Streamlit has verified; of nobody without one.
    headers : mapping of str to str
        Of the request that opened the session.
    now : float
        Seconds since 1970.
    """
    try:
        if assigned.signing_in():
            return _signed_in(claims, now)
        role = assigned.everyone()
    except RoleError:  # told at start; until it is mended nobody may do more than read
        return Person()
    here = is_for_this_machine(headers)
    return Person(role=role if role is not None else Role.KEEPER if here else Role.READER, here=here)


def _signed_in(claims: Fields, now: float) -> Person:
    subject, issuer, issued = (claims.get(name) for name in ("sub", "iss", "iat"))
    if claims.get("is_logged_in") is not True or not (isinstance(subject, str) and subject):
        return Person()
    if not isinstance(issued, int | float) or now - issued > 3600 * LOGIN_HOURS:
        return Person(expired=True)
    key = hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()[:24]
    return Person(key=key, author=author_of(claims), role=assigned.roles().of(claims))


def author_of(claims: Fields) -> str:
    """Name and address of a signed-in person for the record: what the provider vouches for stands in it always."""
    verified = claims.get("email") if claims.get("email_verified") is True else ""
    sure = str(verified or claims["sub"])[:NAME_LETTERS]
    name = str(claims.get("name") or "").strip()[: NAME_LETTERS - 5]
    try:
        require_visible(name, "name")
    except StorageError:
        return sure
    return f"{name} ({sure})"
