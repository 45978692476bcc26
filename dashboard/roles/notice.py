"""Said at start: who can reach the page and what they may do; and a server that cannot be what was meant is refused."""

import contextlib
import logging
import sys
from collections.abc import AsyncIterator

from streamlit import config
from streamlit.starlette import App

from dashboard.roles import assigned
from dashboard.roles.actions import Role, RoleError
from dashboard.server import network
from dashboard.server.reach import is_for_this_machine
from dashboard.wording.people.who import open_sentences

LOG = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[None]:
    """Say who can reach the page, then serve it.

    Raises
    ------
    SystemExit
        Roles or sign-in cannot be read.
    """
    try:
        assigned.require_sound()
    except RoleError as error:
        print(f"The page is not started: {error}", file=sys.stderr, flush=True)
        raise SystemExit(2) from error
    for sentence in told():
        print(f"  {sentence}", flush=True)
    async with network.lifespan(app):
        yield


def told() -> tuple[str, ...]:
    """What is to be said; nothing where the page is for this machine and nobody signs in."""
    everyone, signing_in = assigned.everyone(), assigned.signing_in()
    if is_for_this_machine({}) and not signing_in and everyone is None:
        return ()
    where = str(config.get_option("server.address") or "every interface of this machine")
    names = ", ".join(config.get_option("server.allowedHosts")) or "any name"
    return open_sentences(where, names, (everyone or Role.READER).word, signing_in)
