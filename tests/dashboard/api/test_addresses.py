"""The links of the Share button lead to what is on screen."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import config

from dashboard.api.addresses import programs_text
from dashboard.api.cards.preview import Previews
from dashboard.api.routes import routes

ROOT = Path(__file__).parents[3]
PAGE = "http://testserver/?C07=2.0&edition=2&year=2028&pin=S03%3Dyes"


def test_every_link_is_answered(server):
    text = programs_text(PAGE, ("rupture", "a rupture", 0.1234567), date(2025, 12, 31), 2028)
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert [urlsplit(link).path for link in links] == ["/api/v1/forecast", "/embed/forecast", "/feed/chance.atom"]
    assert [server.get(link).status_code for link in links] == [200] * 3
    assert "Measured from 12.3 % of 31 December 2025" in server.get(links[2]).text


def test_a_prefix_stays():
    text = programs_text("https://h.example/c/", ("rupture", "a rupture", 0.1), date(2025, 12, 31), 2028)
    assert "https://h.example/c/feed/chance.atom?year=2028&state=rupture&points=5&seen=10.0000&since=2025-12-31" in text


def test_under_a_prefix_every_address_has_it(monkeypatch):
    monkeypatch.setattr(config, "get_option", {"server.baseUrlPath": "c"}.get)
    page = Route("/c/{page:path}", lambda _: HTMLResponse("<head></head>"))
    app = Starlette(routes=[*routes("c"), page], middleware=[Middleware(Previews, prefix="c")])
    client = TestClient(app)
    told = client.get("/c/api/v1").json()
    assert all(address.startswith("http://testserver/c/") for address in told["addresses"])
    head = client.get("/c/ask?x=1", headers={"User-Agent": "Mozilla/5.0"}).text
    assert 'og:url" content="http://testserver/c/ask?x=1"' in head
    assert 'href="http://testserver/c/feed/record.atom"' in head
    assert "og:" not in client.get("/c/static/a.html").text


def test_a_servers_start_waits_for_nothing_that_programs_need():
    script = (
        "import sys, dashboard.api.routes as routes, dashboard.api.cards.preview\n"
        "assert len(routes.routes('/c/')) == len(routes.ADDRESSES) and routes.routes('c')[0].path == '/c/api/v1'\n"
        "print({'numpy', 'pandas', 'streamlit', 'vl_convert'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
