"""What a browser is told of every answer, and from which pages it may change something."""

import asyncio
import re
from pathlib import Path

import pytest
from starlette.datastructures import Headers, MutableHeaders
from streamlit import config

from dashboard.server import policy
from dashboard.server.origins import SameOrigin, is_own

DASHBOARD = Path(__file__).parents[3] / "dashboard"


def told(path: str, **said: str) -> MutableHeaders:
    headers = MutableHeaders(said)
    policy.set_headers(headers, policy.may_be_framed(path))
    return headers


def test_no_page_can_be_framed_but_a_card():
    assert told("/")["content-security-policy"].endswith("frame-ancestors 'none'")
    assert told("/")["x-frame-options"] == "DENY"
    assert told("/embed/states")["content-security-policy"].endswith("frame-ancestors *")
    assert "x-frame-options" not in told("/embed/states")
    for path in ("/embedded", "/x/embed/states", "/embed%2f..", "/_stcore/health"):
        assert told(path)["content-security-policy"].endswith("frame-ancestors 'none'"), path


def test_a_route_may_say_more_of_itself_but_not_who_frames_it():
    headers = told(
        "/api", **{"content-security-policy": "default-src 'none'; frame-ancestors *", "referrer-policy": "x"}
    )
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["referrer-policy"] == "x"
    assert headers["x-content-type-options"] == "nosniff"


def test_scripts_run_by_their_digest_and_never_by_permission():
    scripts = re.search(r"script-src ([^;]*)", told("/")["content-security-policy"])[1]
    assert "unsafe" not in scripts
    assert len(re.findall(r"'sha256-[\w+/]{43}='", scripts)) >= 5


def test_every_script_of_a_page_lies_in_a_file():
    for file in DASHBOARD.rglob("*.py"):
        if file.name != "policy.py":
            assert "<script" not in file.read_text(encoding="utf-8"), file.name


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"host": "page.example:8501", "origin": "http://page.example:8501"}, True),
        ({"host": "page.example", "origin": "https://page.example"}, True),
        ({"host": "page.example", "origin": "https://PAGE.example:443"}, True),
        ({"host": "page.example"}, True),
        ({"host": "page.example", "sec-fetch-site": "cross-site"}, False),
        ({"host": "page.example", "sec-fetch-site": "same-site"}, False),
        ({"host": "localhost:8501", "origin": "http://localhost:3000"}, False),
        ({"host": "page.example", "origin": "http://localhost"}, False),
        ({"host": "page.example", "origin": "http://page.example.evil"}, False),
        ({"host": "page.example", "origin": "null"}, False),
        ({"host": "page.example", "origin": ""}, False),
        ({"host": "page.example", "origin": "http://page.example:x"}, False),
        ({"host": "page.example", "origin": "file://page.example"}, False),
        ({"host": "page.example", "origin": "http://page.example@evil"}, False),
        ({"host": "page.example", "origin": "https://other.example"}, True),
    ],
    ids=str,
)
def test_only_a_page_of_the_same_origin_may_change_something(monkeypatch, headers, own):
    monkeypatch.setattr(config, "get_option", {"server.corsAllowedOrigins": ["https://other.example"]}.__getitem__)
    assert is_own(Headers(headers)) is own


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_a_change_from_elsewhere_never_arrives(method):
    sent = []

    async def send(message):
        sent.append(message)

    async def never(*_):
        pytest.fail("it arrived")

    headers = [(b"host", b"page.example"), (b"origin", b"null")]
    asyncio.run(SameOrigin(never)({"type": "http", "method": method, "headers": headers}, never, send))
    assert sent[0]["status"] == 403


def test_a_session_from_elsewhere_is_never_opened():
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "websocket.connect"}

    async def never(*_):
        pytest.fail("it arrived")

    headers = [(b"host", b"localhost:8501"), (b"origin", b"http://localhost:3000")]
    asyncio.run(SameOrigin(never)({"type": "websocket", "headers": headers}, receive, send))
    assert sent[0]["type"] == "websocket.close"
