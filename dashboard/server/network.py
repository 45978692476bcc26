"""What stands between a network and the page: which names it answers to, and that the server itself asks nobody.

Streamlit's own settings say where it listens (`.streamlit/config.toml`); this module adds what they leave open.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import cli_util, config, net_util
from streamlit.starlette import App
from streamlit.web.server.server_util import get_url
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from dashboard.server.messages import KnownMessages
from dashboard.server.origins import SameOrigin
from dashboard.server.policy import Policy
from dashboard.server.reach import LOOPBACK
from dashboard.server.uploads import UploadLimits, give_back

LOG = logging.getLogger(__name__)


class KnownHosts:
    """Answers only requests for a name that the server was told to have (`server.allowedHosts`).

    Streamlit checks this for the websocket alone; the page would then load and wait for ever. It also keeps a page of
    someone else's, whose name was made to mean this machine, from reading anything here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it in words."""
        host = Headers(scope=scope).get("host") if scope["type"] == "http" else None
        if scope["type"] != "http" or is_host_allowed(host):
            await self._app(scope, receive, send)
            return
        await PlainTextResponse(_unknown_host(host), status_code=421)(scope, receive, send)


def _unknown_host(host: str | None) -> str:
    names = ", ".join(config.get_option("server.allowedHosts"))
    return (
        f"This page was asked for as {host!r} and answers to {names} only. If you run it and mean to open it to "
        "others, start it with their name for it, `--server.allowedHosts NAME` (docs/serving.md).\n"
    )


MIDDLEWARE = tuple(map(Middleware, (Policy, KnownHosts, SameOrigin, KnownMessages, UploadLimits)))
"""The outermost first."""


def ask_nobody() -> None:
    """Keep Streamlit from asking a public site for this machine's address, once a refused handshake, two seconds each.

    Streamlit compares the origin of a handshake with that address after all others, whatever is set; these are the
    variables in which it remembers an answer, so that the loopback address is the answer.
    """
    net_util._internal_ip = net_util._external_ip = "127.0.0.1"


@contextlib.asynccontextmanager
async def lifespan(_: App) -> AsyncIterator[None]:
    """Open a browser where there is one, and give back memory of visitors who left, until the server stops."""
    ask_nobody()
    _advise()
    if not config.get_option("server.headless"):
        cli_util.open_browser(get_url(config.get_option("browser.serverAddress")))
    task = asyncio.create_task(give_back())
    try:
        yield
    finally:
        task.cancel()


def _advise() -> None:
    """Say so where the server listens to a network and nobody there could open the page."""
    address, names = config.get_option("server.address"), set(config.get_option("server.allowedHosts"))
    local = address in LOOPBACK or str(address).startswith("127.")
    if not local and names and names <= LOOPBACK:
        LOG.warning(
            "The page listens on %s and answers to %s only; add the name that others use, --server.allowedHosts NAME.",
            address or "all interfaces",
            ", ".join(sorted(names)),
        )
