"""A provider of identities beside a server of the page, and people who sign in there as a browser does."""

import contextlib
import http.cookiejar
import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from oidc_provider_mock import User, run_server_in_thread

WAIT_SECONDS = 60.0
PEOPLE = (
    User(sub="ada", claims={"email": "ada@example.org", "email_verified": True, "name": "Ada", "groups": ["desk"]}),
    User(sub="bea", claims={"email": "bea@example.org", "email_verified": True, "name": "Bea"}),
    User(sub="eve", claims={"email": "ada@example.org", "email_verified": False, "name": "Ada"}),
)
ROLES = """
[roles.keeper]
emails = ["ada@example.org"]
[roles.forecaster]
emails = ["bea@example.org"]
"""


@contextlib.contextmanager
def provider() -> Iterator[str]:
    """The address of a provider that knows `PEOPLE`."""
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


def secrets_file(folder: Path, provider: str, address: str) -> Path:
    """A file of secrets that lets people sign in to the page at an address."""
    auth = {
        "redirect_uri": f"{address}/oauth2callback",
        "cookie_secret": secrets.token_hex(),
        "client_id": "conjunction",
        "client_secret": secrets.token_hex(),
        "server_metadata_url": f"{provider}/.well-known/openid-configuration",
    }
    file = folder / "secrets.toml"
    lines = [f"{name} = {json.dumps(value)}" for name, value in auth.items()]
    file.write_text("\n".join(["[auth]", *lines, ROLES]))
    return file


def signed_in(address: str, login: str, subject: str) -> Mapping[str, str]:
    """Go through a sign-in as a browser does and return the cookies that it then has.

    Parameters
    ----------
    address : str
        Of the page.
    login : str
        Where the page sends the browser, as `st.login` says.
    subject : str
        Whoever signs in.
    """
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), _Stay())
    at_provider = _location(browser, urllib.parse.urljoin(address, login))
    form = urllib.parse.urlencode({"sub": subject}).encode()
    back = _location(browser, urllib.request.Request(at_provider, data=form))
    _location(browser, back)
    return {cookie.name: cookie.value or "" for cookie in jar}


class _Stay(urllib.request.HTTPRedirectHandler):
    """Every step of the way is taken by hand."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _location(browser: urllib.request.OpenerDirector, request: str | urllib.request.Request) -> str:
    try:
        with browser.open(request, timeout=WAIT_SECONDS) as answer:
            raise AssertionError(f"got {answer.status}, expected to be sent on")
    except urllib.error.HTTPError as sent:
        with sent:
            return sent.headers["Location"]
