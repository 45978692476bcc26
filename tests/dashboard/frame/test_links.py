"""Addresses to hand on are of the page that is on screen, wherever the browser came from."""

from types import SimpleNamespace

import pytest
from streamlit import config

from dashboard.frame import links


@pytest.mark.parametrize(
    ("said", "page", "address"),
    [
        ("http://127.0.0.1:8501", "", "http://127.0.0.1:8501/"),
        ("http://127.0.0.1:8501/track_", "", "http://127.0.0.1:8501/"),  # what Streamlit makes of “track_record”
        ("https://desk.example.org/ask", "record", "https://desk.example.org/record"),
        (None, "record", ""),
    ],
)
def test_a_page_has_its_own_address(monkeypatch, said, page, address):
    monkeypatch.setattr(links.st, "context", SimpleNamespace(url=said))
    assert links.page_address(page) == address


def test_an_address_keeps_the_prefix_and_says_all_that_is_set(monkeypatch):
    monkeypatch.setattr(links.st, "context", SimpleNamespace(url="http://desk.example.org/team/ask"))
    monkeypatch.setattr(config, "get_option", {"server.baseUrlPath": "team/"}.__getitem__)
    said = (("C01", "1.9"), ("pin", "S03=yes"))
    assert links.page_address("ask", said) == "http://desk.example.org/team/ask?C01=1.9&pin=S03%3Dyes"
