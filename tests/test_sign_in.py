"""Signing in at a real provider: who has which role, who signs, and that a forged cookie or header gets nothing."""

import base64
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer

from dashboard.benchmarks.served import served
from tests.support.page.visitor import Visitor
from tests.support.programs.identity import provider, secrets_file, signed_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
COOKIE = "_streamlit_user"
SAVE = "Save"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page on this machine where people sign in at a provider of their own."""
    folder: Path = tmp_path_factory.mktemp("identity")
    with provider() as issuer:
        file = secrets_file(folder, issuer, "http://127.0.0.1:{port}")
        with served({"STREAMLIT_SECRETS_FILES": str(file), "CONJUNCTION_RECORD": ""}) as address:
            yield address


@pytest.fixture(scope="module")
def cookies(page: str) -> Mapping[str, Mapping[str, str]]:
    """What the browsers of three people have after signing in."""
    with Visitor(page, page="method").run() as stranger:
        login = stranger.press("Sign in").sent_to
    return {name: signed_in(page, login, name) for name in ("ada", "bea", "eve")}


def said(page: str, cookies: Mapping[str, str], **headers: str) -> str:
    """What the page says of who somebody is."""
    with Visitor(page, cookies=cookies, headers=headers, page="method").run() as visitor:
        texts = [text.replace("\\", "").replace("`", "") for text in visitor.texts]
    return next(text for text in texts if "igned in" in text or "sign-in" in text)


def test_nobody_is_a_reader_even_at_the_machine(page: str) -> None:
    assert "Nobody is signed in: reader." in said(page, {})


def test_each_has_the_role_of_the_lists(page: str, cookies: Mapping[str, Mapping[str, str]]) -> None:
    assert "Signed in as Ada (ada@example.org) – the role of a keeper." in said(page, cookies["ada"])
    assert "Signed in as Bea (bea@example.org) – the role of a forecaster." in said(page, cookies["bea"])
    assert "Signed in as Ada (eve) – the role of a reader." in said(page, cookies["eve"])


def test_the_author_is_not_typed(page: str, cookies: Mapping[str, Mapping[str, str]]) -> None:
    with Visitor(page, cookies=cookies["bea"]).run().open(SAVE) as bea:
        assert ("text_input", "Name") in bea.ids
        assert ("text_input", "Author") not in bea.ids
        assert any("Author: Bea" in text.replace("\\", "") for text in bea.texts)
    with Visitor(page).run().open(SAVE) as stranger:
        assert ("text_input", "Name") not in stranger.ids
        assert any("You may not save a forecast without signing in" in text for text in stranger.texts)


def forged(cookie: str) -> Iterator[str]:
    """A cookie that somebody made or changed without the server's secret."""
    payload, _, rest = cookie.strip('"').partition(".")
    claims = {"is_logged_in": True, "sub": "ada", "iat": int(time.time()), "email": "ada@example.org"}
    claims |= {"email_verified": True, "iss": "x", "origin": "http://127.0.0.1", "provider": "default"}
    text = json.dumps(claims)
    yield text
    yield base64.urlsafe_b64encode(json.dumps(text).encode()).decode().rstrip("=") + "." + rest
    yield URLSafeTimedSerializer("", salt=COOKIE).dumps(text)
    yield URLSafeTimedSerializer("secret", salt=COOKIE).dumps(text)
    yield payload
    yield f"{payload}.{rest[:-1]}{'A' if rest[-1] != 'A' else 'B'}"


def test_a_forged_cookie_gets_nothing(page: str, cookies: Mapping[str, Mapping[str, str]]) -> None:
    true = cookies["ada"][COOKIE]
    for value in forged(true):
        assert "Nobody is signed in: reader." in said(page, {COOKIE: value}), value


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-User": "ada@example.org", "X-Forwarded-Email": "ada@example.org"},
        {"Remote-User": "ada", "X-Remote-User": "ada"},
        {"X-Streamlit-User": "eyJlbWFpbCI6ImFkYUBleGFtcGxlLm9yZyJ9"},
        {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ."},
        {"X-Forwarded-For": "127.0.0.1"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_a_forged_header_gets_nothing(page: str, headers: Mapping[str, str]) -> None:
    assert "Nobody is signed in: reader." in said(page, {}, **headers)


def test_a_login_is_not_ridden_without_its_token(page: str, cookies: Mapping[str, Mapping[str, str]]) -> None:
    """The cookie alone is what a page of another origin would make the browser send."""
    alone = {COOKIE: cookies["ada"][COOKIE]}
    with Visitor(page, headers={"Cookie": f"{COOKIE}={alone[COOKIE]}"}, page="method").run() as rider:
        assert any("Nobody is signed in" in text for text in rider.texts)
