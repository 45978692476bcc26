"""From which pages a browser may open a session or change something here: from this server's own, and no other.

Streamlit lets every page of "localhost" in, on whatever port, and a cookie does not know ports either: another
program's page on the same machine could otherwise ride a login.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
DEFAULT_PORTS = {"http": 80, "https": 443}


class SameOrigin:
    """Refuses WebSockets and changing requests that come from a page of another origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it in words."""
        changing = scope["type"] == "websocket" or (scope["type"] == "http" and scope["method"] not in SAFE)
        if not changing or is_own(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()  # the handshake, which the protocol has answered before it is refused
            await send({"type": "websocket.close", "code": 1008, "reason": "another origin"})
        else:
            words = "This came from a page of another origin, and only this server's own pages may change something.\n"
            await PlainTextResponse(words, status_code=403)(scope, receive, send)


def is_own(headers: Headers) -> bool:
    """Whether a request comes from a page of this server, or from no page at all: programs name no origin, and carry no
    cookie that is not theirs."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    place = _place(origin)
    if place is None:
        return False
    scheme, name, port = place
    own = _place(f"{scheme}://{headers.get('host', '')}")
    return own == (scheme, name, port) or place in map(_place, config.get_option("server.corsAllowedOrigins") or ())


def _place(url: str) -> tuple[str, str, int] | None:
    """Scheme, name and port of an address; None of what has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return (parts.scheme, parts.hostname.rstrip("."), port) if parts.hostname else None
