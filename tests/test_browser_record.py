"""The record in a real browser: save, share by link, compare, and import with a preview before anything changes."""

import re

import pytest
from playwright.sync_api import Page, expect

from models.snapshot.archive import read_archive
from tests.support.page.browser import IN_A_BROWSER, chances, settled, wait_until

pytestmark = [*IN_A_BROWSER, pytest.mark.slow]

WAIT_MS = 60_000
"""As long as the first page may take: reading stored draws takes some seconds, and more on a loaded machine."""
FIRST_BOX = {"x": 18, "y": 52}
"""Where the list has the box of its first row."""
LINK = re.compile(r"/record\?entry=[0-9a-f]{12}$")


def saved(page: Page, name: str) -> str:
    """Save the forecast on screen; returns the link that the page gives."""
    page.get_by_role("button", name="Save", exact=True).click()
    button = page.get_by_role("button", name="Save to the record")
    expect(button).to_be_visible(timeout=WAIT_MS)  # the last of the form: the places of the reasons stand above it
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("textbox", name="Author", exact=True).fill("Ann")
    for place in page.locator("[class*=st-key-save-reason]").all():
        place.locator("textarea").fill("Because sanctions bite.")  # whose script may still be on its way
    button.dblclick()
    expect(page.get_by_text("Saved as entry")).to_be_visible(timeout=WAIT_MS)
    return settled(page).get_by_text(LINK).inner_text()


def test_a_saved_forecast_is_found_by_its_link_by_anyone(visit, address):
    page = visit("?C01=1.70&edition=2")
    shown = chances(page)
    link = saved(page, "A *moved* one")
    other = visit(link.removeprefix(f"{address}/"))
    expect(other.get_by_role("heading", name="A *moved* one")).to_be_visible(timeout=WAIT_MS)
    assert chances(other) == shown
    assert "C01" not in other.evaluate("location.search")
    other.get_by_role("button", name="All saved forecasts").click()
    expect(other.get_by_text("Tick a row to open it.")).to_be_visible(timeout=WAIT_MS)
    wait_until(other, "location.search === ''")
    other.locator("[data-testid=stDataFrame]").click(position=FIRST_BOX)
    expect(other.get_by_role("heading", name="A *moved* one")).to_be_visible(timeout=WAIT_MS)
    wait_until(other, "location.search.startsWith('?entry=')")


def test_saving_copying_the_link_and_comparing_take_six_clicks_and_two_pages(visit):
    page = visit("?C01=1.70&edition=2")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(
        "Balancing the United States 1.60 → 1.70", timeout=WAIT_MS
    )
    page.get_by_role("textbox", name="Author", exact=True).fill("Ann")
    page.locator("[class*=st-key-save-reason] textarea").fill("Sanctions bite.")
    page.get_by_role("button", name="Save to the record").click()
    copy = page.get_by_role("button", name="Copy link")
    expect(copy).to_be_in_viewport(timeout=WAIT_MS)
    copy.click()
    expect(page.locator("button.copies")).to_have_text("Copied")
    page.get_by_role("button", name="Compare with the starting view").click()
    told = page.get_by_text(re.compile(r"on 31 December \d{4} (stayed|rose|fell)")).first
    expect(told).to_be_in_viewport(timeout=WAIT_MS)


def test_two_saved_forecasts_are_compared(visit):
    page = visit()
    saved(page, "At the defaults")
    page = visit("?C01=1.60&C02=2.00&edition=2")
    saved(page, "Fault lines")
    page.get_by_role("link", name="Open it in the record").click()
    page.get_by_role("button", name="Compare with another").click()
    page.get_by_role("combobox", name="Newer").click()
    page.get_by_role("option", name=re.compile("At the defaults")).click()
    expect(page.get_by_text(re.compile(r"\(C02\) was 2 and is"))).to_be_attached(timeout=WAIT_MS)
    expect(page.locator("[data-testid=stVegaLiteChart] svg").first).to_be_visible(timeout=WAIT_MS)


def test_an_upload_is_shown_before_anything_changes_and_then_saved(visit, address, tmp_path):
    page = visit(saved(visit("?C01=1.80&edition=2"), "Sent away").removeprefix(f"{address}/"))
    page.locator("summary", has_text="Downloads").click()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Snapshot (zip)").click()
    file = tmp_path / "snapshot.zip"
    caught.value.save_as(file)
    archive = read_archive(file.read_bytes())
    snapshot, inputs = archive.snapshot, archive.inputs
    assert snapshot.assumptions.changed == ("C01",)
    assert "library.npz" in inputs
    other = visit("record")
    other.get_by_role("tab", name="Import").click()
    other.locator("input[type=file]").set_input_files(file)
    expect(other.get_by_text("every number was computed again")).to_be_visible(timeout=WAIT_MS)
    assert other.evaluate("location.search") == ""
    other.locator("summary", has_text="Save it to the record").click()
    other.get_by_role("textbox", name="Name", exact=True).fill("Brought back")
    other.get_by_role("textbox", name="Author", exact=True).fill("Bob")
    other.get_by_text("◇ hindcast").click()
    other.get_by_role("button", name="Save to the record").click()
    expect(other.get_by_text("Saved as entry")).to_be_visible(timeout=WAIT_MS)
    other.get_by_role("button", name="Use these settings").click()
    wait_until(other, "location.search.includes('C01=1.80')")
    other.get_by_role("tab", name="Saved forecasts").click()
    expect(other.get_by_role("heading", name="Brought back")).to_be_visible(timeout=WAIT_MS)
    expect(other.get_by_text(re.compile("^A hindcast throughout"))).to_be_visible(timeout=WAIT_MS)
