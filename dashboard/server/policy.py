"""What a browser is told of every answer: whose scripts may run, who may frame it, what it may tell others.

A route may say otherwise of itself, by setting a header before it comes here; but only addresses below `EMBED` may be
framed, whatever they say.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

NOBODY = "'none'"
EMBED = "/embed"
"""Cards that other pages may show in a frame; they hold no session and no form."""
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_PAGES = Path(__file__).parents[1]
_POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # emotion, Vega and Streamlit's own markup write styles as they draw
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "worker-src": "'self' blob:",
    "frame-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # a page's address holds its setting
    "permissions-policy": ", ".join(
        f"{power}=()"
        for power in ("camera", "microphone", "geolocation", "payment", "usb", "serial", "midi", "display-capture")
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Policy:
    """Puts the headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        framed = may_be_framed(scope["path"])

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                set_headers(MutableHeaders(scope=message), framed)
            await send(message)

        await self._app(scope, receive, answer)


def may_be_framed(path: str) -> bool:
    """Whether other pages may show an address in a frame."""
    base = "/" + str(config.get_option("server.baseUrlPath") or "").strip("/")
    inner = path.removeprefix(base.rstrip("/"))
    return inner == EMBED or inner.startswith(f"{EMBED}/")


def set_headers(headers: MutableHeaders, framed: bool) -> None:
    """Add what an answer does not say of itself; who may frame it is said here alone."""
    said = headers.get("content-security-policy") or policy_text(_POLICY | {"script-src": f"'self' {hashes()}"})
    parts = [part.strip() for part in said.split(";")]
    kept = [part for part in parts if part and not part.startswith("frame-ancestors")]
    headers["content-security-policy"] = "; ".join([*kept, f"frame-ancestors {'*' if framed else NOBODY}"])
    if not framed:
        headers["x-frame-options"] = "DENY"  # for what does not know the line above
    else:
        headers.setdefault("cross-origin-resource-policy", "cross-origin")
        if "x-frame-options" in headers:
            del headers["x-frame-options"]
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)


def policy_text(policy: Mapping[str, str]) -> str:
    """A content security policy as a header holds it."""
    return "; ".join(f"{name} {value}" for name, value in policy.items())


@cache
def hashes() -> str:
    """The scripts that stand in a page itself and not in a file, by their digests: ours, and the one of Streamlit's."""
    files = [*sorted(_PAGES.rglob("*.html")), Path(streamlit.__file__).with_name("static") / "index.html"]
    scripts = {script for file in files for script in _SCRIPT.findall(file.read_text(encoding="utf-8"))}
    digests = sorted(b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)
