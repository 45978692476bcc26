"""Title, sentence and picture of a shared link in the page's head, for those who read no scripts.

Streamlit sends the same head for every link. A browser gets the usual title at once, since the page itself will say the
rest: a cold server has better things to do than to find words that nobody sees.
"""

import asyncio
import logging
import re
from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.api.desk import DESKS, QUICK, base_of, call_of

PAGES = frozenset(("", "ask", "assumptions", "evidence", "record", "track_record", "checks", "method"))
CRAWLER = re.compile(
    r"bot|crawl|spider|preview|embed|externalhit|slack|whatsapp|telegram|discord|mastodon|teams|iframely|matrix", re.I
)
BROWSER = "mozilla/"
"""How every browser's name for itself begins, and that of some crawlers, which then say so."""
PATIENCE_SECONDS = 5.0
"""How long the head may wait for its words: a cold server needs some seconds."""
TITLE = "Conjunction: where will China and Russia stand in space?"
SENTENCE = (
    "Chances of rupture, strain, business as usual and deeper cooperation at coming year-ends, from fitted models."
)
LOG = logging.getLogger(__name__)
HEAD = b"</head>"
MOST_BYTES = 2**20
"""Of a page that is looked at; a longer one is not Streamlit's and passes as it is."""


class Previews:
    """Puts what a link is about into the head of the page."""

    def __init__(self, app: ASGIApp, prefix: str = "") -> None:
        self._app, self._prefix = app, prefix.strip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a page's answer gets its tags."""
        if scope["type"] != "http" or scope["method"] != "GET" or not self._is_page(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        words = await _told(request)
        plain = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
        asked = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in plain]}
        await self._app(asked, receive, _Tagging(send, tags(request, words)))

    def _is_page(self, path: str) -> bool:
        inner = path.strip("/")
        if self._prefix:
            inner = inner.removeprefix(self._prefix).strip("/")
        return inner in PAGES


class _Tagging:
    """Sends an answer on with tags in its head, if it is a page."""

    def __init__(self, send: Send, added: bytes) -> None:
        self._send, self._added = send, added
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
            return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body") and len(self._body) <= MOST_BYTES:
            return
        body = self._body.replace(HEAD, self._added + HEAD, 1)
        headers = MutableHeaders(raw=list(self._start["headers"]))
        for name in ("etag", "last-modified", "accept-ranges"):
            del headers[name]
        if not message.get("more_body"):
            headers["content-length"] = str(len(body))
        await self._send({**self._start, "headers": headers.raw})
        self._start = None
        await self._send({**message, "body": body})


def tags(request: Request, words: Mapping[str, str]) -> bytes:
    """The tags of a link, with what was found to say of it."""
    base, query = base_of(request), request.url.query
    address = str(request.url)
    picture = f"{base}/preview.png{f'?{query}' if query and words else ''}"
    title, sentence = words.get("title", TITLE), words.get("sentence", SENTENCE)
    named = {
        "og:type": "website",
        "og:site_name": "Conjunction",
        "og:title": title,
        "og:description": sentence,
        "og:url": address,
        "og:image": picture,
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": words.get("description", SENTENCE),
    }
    lines = [f'<meta property="{name}" content="{escape(text)}">' for name, text in named.items()]
    lines += [
        f'<meta name="description" content="{escape(sentence)}">',
        '<meta name="twitter:card" content="summary_large_image">',
        _link("application/json+oembed", f"{base}/api/oembed?{urlencode({'url': address})}", title),
        _link("application/atom+xml", f"{base}/feed/record.atom", "Forecasts saved on this server"),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _link(media: str, address: str, title: str) -> str:
    return f'<link rel="alternate" type="{media}" href="{escape(address)}" title="{escape(title)}">'


def _is_html(message: Message) -> bool:
    return message["status"] == 200 and "text/html" in Headers(raw=message["headers"]).get("content-type", "")


async def _told(request: Request) -> Mapping[str, str]:
    """What a link is about; nothing for a browser, nor where that is not known in time or the link cannot be read."""
    agent = request.headers.get("user-agent", "").lower()
    if agent.startswith(BROWSER) and not CRAWLER.search(agent):
        return {}
    work = asyncio.ensure_future(DESKS[QUICK].ask(lambda: _words(request)))
    done, _ = await asyncio.wait({work}, timeout=PATIENCE_SECONDS)
    return (work.result() or {}) if done else {}


def _words(request: Request) -> Mapping[str, str]:
    from dashboard.api.cards.words import link_words
    from data.errors import ConjunctionError

    try:
        words = link_words(call_of(request))
    except ConjunctionError:  # the page itself says what is wrong with its link
        return {}
    except Exception:  # no fault of a preview may keep a page from opening
        LOG.exception("What a link is about could not be said")
        return {}
    return {"title": words.title, "sentence": words.sentence, "description": words.description}
