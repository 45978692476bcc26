"""The links of the Share button lead to what is on screen."""

import re
from datetime import date
from urllib.parse import urlsplit

from dashboard.api.addresses import programs_text

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
