"""Text from outside in Streamlit's own page: every sign of it is seen, and nothing of it acts."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.support.page.browser import IN_A_BROWSER, ROOT, WAIT_SECONDS, free_port, healthy, wait_until
from tests.support.page.plain_page import ADDRESS, TEXTS

pytestmark = [*IN_A_BROWSER, pytest.mark.slow]
OWN = {"bold": {"strong"}, "item": {"ul", "li"}, "heading": set(), "paragraph": set()}
"""Tags that the place itself brings along."""
TAGS = {"p", "code", "div", "span", "br"}
LOOK = """place => {
    const holder = document.querySelector(`.st-key-${place}`)
    const text = '[data-testid=stMarkdownContainer], [data-testid=stCaptionContainer]'
    const box = holder.querySelector('h3') || holder.querySelector(text)
    const all = [...box.querySelectorAll('*')]
    return {
        text: box.innerText,
        tags: all.map(one => one.tagName.toLowerCase()),
        styled: all.filter(one => one.getAttribute('style') || /Icon|Badge|Colored/.test(one.className)).length,
    }
}"""


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory) -> Iterator[Page]:
    """The hostile page, drawn."""
    port = free_port()
    options = ["--server.headless", "true", "--server.port", str(port), "--server.address", "127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", "tests/support/page/plain_page.py", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path_factory.mktemp("home"))}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + WAIT_SECONDS
        while not healthy(f"http://127.0.0.1:{port}"):
            assert server.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)
        opened = browser.new_page()
        opened.set_default_timeout(1000 * WAIT_SECONDS)
        opened.goto(f"http://127.0.0.1:{port}")
        opened.wait_for_selector(".st-key-link a")
        wait_until(opened, "!document.querySelector('[data-testid=stSkeleton]')")
        yield opened
        opened.close()
    finally:
        server.terminate()
        server.wait(10)


def words(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("number", range(len(TEXTS)), ids=lambda number: ascii(TEXTS[number][:20]))
def test_every_sign_is_seen_and_nothing_acts(page: Page, number: int) -> None:
    for place, own in OWN.items():
        if place == "heading" and "\n" in TEXTS[number]:
            continue
        drawn = page.evaluate(LOOK, f"{place}-{number}")
        assert words(drawn["text"]) == words(TEXTS[number]), place
        assert set(drawn["tags"]) <= TAGS | own, place
        assert not drawn["styled"], place


def test_a_link_leads_where_it_says_and_is_one(page: Page) -> None:
    drawn = page.locator(".st-key-link a")
    assert drawn.count() == 1
    assert words(drawn.inner_text()) == words(TEXTS[1])
    address = drawn.get_attribute("href")
    assert address.startswith("https://example.org/a_%28b%29?q=1&r=%3Cx%3E%22%60%29!%5Bp%5D%28https://")
    assert address.endswith(ADDRESS[-8:])
    assert page.locator(".st-key-link img").count() == 0
