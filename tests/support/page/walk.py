"""A person at random on a real page: sliders, numbers, presets, steps, links, pages, Back, reload, a lost connection.

``Walk`` acts and looks; whenever the numbers are not marked as being computed, the accounts must agree.
"""

import contextlib
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import numpy as np

from dashboard.settings.link import GROUPS, View, write_link
from data.days import horizons_from
from models.assumptions.setting import Assumptions
from tests.support.page.accounts import Accounts, evidence, year_text
from tests.support.page.widgets import selector

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PAGES = ("Forecast", "Assumptions", "Ask", "Evidence", "Record", "Track record", "Checks", "Method")
PATIENCE_SECONDS = 60.0
SOCKETS = """
window.sockets = [];
window.WebSocket = new Proxy(WebSocket, {
  construct(target, given) { const made = new target(...given); sockets.push(made); return made; },
});
"""
"""Lets a walk close the connection that the page opened."""
REACH_MS = 400
READ_MS = 5000
"""How long a walker waits for an uploaded file to be read."""
"""Who finds no control to act on within this time does something else."""


class Walk:
    """A seeded walk over the page of one session.

    Attributes
    ----------
    done : list of str
        What was done, for the report of a failure.
    lies : list of str
        Moments at which unmarked accounts disagreed.
    """

    def __init__(self, page: "Page", address: str, seed: int, snapshot: Path) -> None:
        self.page, self.address, self.snapshot = page, address, snapshot
        page.add_init_script(SOCKETS)
        self.rng = np.random.default_rng(seed)
        self.done: list[str] = []
        self.lies: list[str] = []
        self.knobs = Assumptions.defaults(evidence().claims).knobs
        self.actions: dict[Callable[[], str], float] = {
            self.press_arrows: 5,
            self.click_track: 4,
            self.two_sliders: 3,
            self.type_number: 3,
            self.choose_preset: 2,
            self.step: 4,
            self.take_reasons: 1,
            self.turn_page: 5,
            self.choose_years: 2,
            self.choose_group: 1,
            self.go_back: 2,
            self.go_forward: 1,
            self.reload: 1,
            self.follow_link: 1,
            self.import_settings: 1,
            self.lose_connection: 1,
        }

    def act(self) -> None:
        """Do something that can be done on this page, and wait 30 to 900 ms."""
        from playwright.sync_api import Error

        chances = np.array(list(self.actions.values())) / sum(self.actions.values())
        for action in self.rng.choice(list(self.actions), size=len(self.actions), replace=False, p=chances):
            with contextlib.suppress(Unreachable, Error):
                self.done.append(action())
                break
        self.page.wait_for_timeout(self.rng.uniform(30, 900))
        if not self.page.url.startswith(self.address):  # Back has left the app, as it should where nothing is before it
            self.page.go_forward(wait_until="domcontentloaded")
            self.done.append("in again")
        self.look()

    def look(self) -> Accounts:
        """Read the accounts; a disagreement that no mark excuses is a lie."""
        try:
            accounts = Accounts.of(self.page)
        except Exception as error:  # a page that is being left has nothing to read
            if "context was destroyed" in str(error) or "navigation" in str(error):
                self.page.wait_for_load_state()
                return self.look()
            raise
        if not accounts.marked and (wrong := accounts.disagreements):
            self.lies.append(f"after {self.done[-3:]}: {wrong}")
        return accounts

    def settle(self) -> float:
        """Seconds after which no two accounts disagreed any more, looked at until nothing is marked either."""
        start, last = time.monotonic(), 0.0
        while True:
            accounts, seconds = Accounts.of(self.page), time.monotonic() - start
            if accounts.disagreements:
                last = seconds
            elif not accounts.marked:
                return last
            if seconds > PATIENCE_SECONDS:
                raise AssertionError(f"{self.done}: {accounts.disagreements or 'still computing'}")
            self.page.wait_for_timeout(50)

    def press_arrows(self) -> str:
        knob = self._some_knob()
        handle = self._box(f"slider:{knob}").locator("input[type=range]")
        self._reach(handle).focus()
        key, presses = self.rng.choice(["ArrowLeft", "ArrowRight"]), int(self.rng.integers(1, 4))
        for _ in range(presses):
            self.page.keyboard.press(key)
        return f"{key} x{presses} on {knob}"

    def click_track(self) -> str:
        knob = self._some_knob()
        track = self._reach(self._box(f"slider:{knob}").locator("[role=group]")).bounding_box()
        if track is None:
            raise Unreachable
        share = self.rng.uniform(0.3, 0.8)
        self.page.mouse.click(track["x"] + share * track["width"], track["y"] + 0.35 * track["height"])
        return f"{knob} at {share:.2f}"

    def two_sliders(self) -> str:
        first = self.click_track()
        self.page.wait_for_timeout(self.rng.uniform(30, 150))
        return f"{first}, {self.click_track()}"

    def type_number(self) -> str:
        boxes = self.page.locator("[class*=st-key-typed-] input")
        if not boxes.count():
            raise Unreachable
        box = boxes.nth(int(self.rng.integers(boxes.count())))
        knob = box.evaluate("box => box.closest('[class*=st-key-typed-]').className.match(/st-key-typed-(\\w+)/)[1]")
        wanted = self._near(knob)
        self._reach(box).fill(f"{wanted:g}", timeout=REACH_MS)
        self.page.keyboard.press("Enter")
        return f"typed {wanted:g} for {knob}"

    def choose_preset(self) -> str:
        self._reach(self._box("preset").locator("input")).click(timeout=REACH_MS)
        options = self.page.locator("[role=option]")
        self._reach(options.first)
        option = options.nth(int(self.rng.integers(options.count())))
        name = option.inner_text()
        option.click(timeout=REACH_MS)
        return f"preset {name!r}"

    def step(self) -> str:
        name = self.rng.choice(["undo", "redo", "reset"], p=[0.5, 0.3, 0.2])
        button = self._box(name).locator("button:visible").first
        if self._reach(button).is_disabled():
            raise Unreachable
        button.click(timeout=REACH_MS)
        return str(name)

    def take_reasons(self) -> str:
        """The essay's strength, by the button below an idle claim or that of the second answer."""
        self._reach(self.page.locator("[class*=st-key-use-essay] button:visible").first).click(timeout=REACH_MS)
        return "the essay's reading"

    def turn_page(self) -> str:
        name = self.rng.choice(PAGES, p=[0.3, 0.3, 0.1, *[0.06] * 5])
        self._link(name).click(timeout=REACH_MS)
        return f"to {name}"

    def choose_years(self) -> str:
        years = year_text(self._some_horizon())
        self._reach(self._box("years").get_by_role("radio", name=re.compile(f"^{years}"))).click(timeout=REACH_MS)
        return f"{years} years"

    def choose_group(self) -> str:
        radios = self._box("group").get_by_role("radio")
        self._reach(radios.first)
        place = int(self.rng.integers(len(GROUPS)))
        radios.nth(place).click(timeout=REACH_MS)
        return f"group {place}"

    def go_back(self) -> str:
        if self.page.evaluate("history.length") < 4 or not any(entry.startswith("to ") for entry in self.done):
            raise Unreachable  # the entry before is not the app's
        self.page.evaluate("history.back()")
        return "Back"

    def go_forward(self) -> str:
        if not self.done or self.done[-1] != "Back":
            raise Unreachable
        self.page.evaluate("history.forward()")
        return "Forward"

    def reload(self) -> str:
        self.page.reload(wait_until="domcontentloaded")
        return "reload"

    def follow_link(self) -> str:
        setting = Assumptions.defaults(evidence().claims)
        knobs = self.rng.choice(list(self.knobs), size=2, replace=False)
        wanted = {knob: self._near(knob) for knob in knobs}
        view = View(year=evidence().as_of.year + self._some_horizon())
        link = urlencode(write_link(setting.replace(wanted), view))
        self.page.goto(f"{self.address}/{self.rng.choice(['', 'assumptions'])}?{link}", wait_until="domcontentloaded")
        return f"link ?{link}"

    def import_settings(self) -> str:
        summary = self.page.locator("summary", has_text="Snapshot: export and import")
        if not self._reach(summary).evaluate("summary => summary.parentElement.open"):
            summary.click(timeout=REACH_MS)
        upload = self.page.locator("[data-testid=stFileUploader] input[type=file]").first
        upload.wait_for(state="attached", timeout=READ_MS)
        upload.set_input_files(self.snapshot)
        apply = self._box("apply").locator("button:visible").first
        apply.wait_for(timeout=READ_MS)
        apply.click(timeout=REACH_MS)
        return "import"

    def lose_connection(self) -> str:
        self.page.evaluate("sockets.at(-1)?.close()")
        return "connection lost"

    def _some_horizon(self) -> int:
        return int(self.rng.choice(horizons_from(evidence().as_of)))

    def _some_knob(self) -> str:
        """A knob whose slider is in view, as a person's hand finds it."""
        seen = self.page.evaluate(
            """() => [...document.querySelectorAll('[data-testid="stSidebar"] [class*="st-key-slider-"]')]
                 .filter(box => box.checkVisibility({visibilityProperty: true}) && box.getBoundingClientRect().height)
                 .map(box => [box, box.getBoundingClientRect()])
                 .filter(([box, {top, bottom}]) => top > 0 && bottom < innerHeight)
                 .map(([box]) => box.className.match(/st-key-slider-(\\w+)/)[1])"""
        )
        if not seen:
            raise Unreachable
        return str(self.rng.choice(seen))

    def _near(self, knob: str) -> float:
        """An allowed value not far from the default, where the numbers need no refit."""
        chosen = self.knobs[knob]
        return chosen.snap(chosen.default + self.rng.uniform(-0.15, 0.25) * (chosen.high - chosen.low))

    def _box(self, name: str) -> "Locator":
        return self.page.locator(selector(name)).first

    def _link(self, name: str) -> "Locator":
        return self._reach(self.page.locator("[data-testid=stSidebarNavLink]", has_text=name).first)

    def _reach(self, locator: "Locator") -> "Locator":
        locator.wait_for(state="attached", timeout=REACH_MS)
        return locator


class Unreachable(Exception):
    """There is nothing on this page to do it with."""
