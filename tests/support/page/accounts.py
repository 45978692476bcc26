"""The four accounts of a setting, read off a real page at one moment: widgets, address, numbers, and whether they are
marked as being computed; and what each should say."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from dashboard.cache.reference import newest
from dashboard.settings.controls import active_preset
from dashboard.settings.link import read_link
from dashboard.wording.forecast import outlook
from data.load import load_evidence
from data.values import frozen
from models.forecast.results import Forecast, make_forecast
from models.library.files import committed_library

if TYPE_CHECKING:
    from playwright.sync_api import Page

TRUSTED = ("exact", "good")
"""Numbers of another status may be those of the last setting that could be trusted, or of a refit: the page says so."""
READ = """
() => {
  const boxes = kind => [...document.querySelectorAll(`[class*="st-key-${kind}-"]`)];
  const all = kind => Object.entries(boxes(kind).reduce((found, box) => {
    const name = box.className.match(new RegExp(`st-key-${kind}-(\\\\w+?)(-\\\\d+)?(\\\\s|$)`))[1];
    const value = box.querySelector('input')?.value;
    const edited = box.querySelector('[data-testid="InputInstructions"]')?.innerText;  // "Press Enter to apply"
    if (value !== undefined && !edited) (found[name] ??= []).push(Number(value));
    return found;
  }, {}));
  const app = document.querySelector('[data-testid="stApp"]');
  return {
    sliders: all('slider'),
    typed: all('typed'),
    preset: document.querySelector('[class*="st-key-preset"] input')?.value ?? null,
    years: document.querySelector('[class*="st-key-years"] [aria-checked="true"]')?.innerText ?? null,
    chances: [...document.querySelectorAll('.st-key-answer [data-testid="stMetricValue"]')].map(box => box.innerText),
    address: location.href,
    marked: document.documentElement.hasAttribute('data-computing') || app?.dataset.testScriptState !== 'notRunning',
  };
}
"""


@cache
def evidence():
    """What the page opens with."""
    return load_evidence(newest())


def year_text(horizon: int) -> str:
    """How the page's name of a year-end begins."""
    return str(evidence().as_of.year + horizon)


@cache
def library():
    return committed_library(evidence())


@cache
def _forecast(values: tuple[tuple[str, float], ...]) -> Forecast:
    setting, _, _ = read_link({key: str(value) for key, value in values}, evidence().claims, newest())
    return make_forecast(evidence(), library(), setting)


@frozen
class Accounts:
    """What a page says at one moment.

    Attributes
    ----------
    sliders, typed : mapping of str to tuple of float
        Values by knob; more than one where a browser shows a widget twice.
    preset, years : str or None
    chances : tuple of str
        The headline's four numbers as they are written, in page order.
    address : str
    marked : bool
        The numbers are marked as being computed.
    """

    sliders: Mapping[str, tuple[float, ...]]
    typed: Mapping[str, tuple[float, ...]]
    preset: str | None
    years: str | None
    chances: tuple[str, ...]
    address: str
    marked: bool

    @classmethod
    def of(cls, page: "Page") -> "Accounts":
        seen = page.evaluate(READ)
        widgets = {kind: {knob: tuple(values) for knob, values in seen[kind]} for kind in ("sliders", "typed")}
        return cls(**{**seen, **widgets, "chances": tuple(seen["chances"])})

    @property
    def disagreements(self) -> list[str]:
        """One line for every account that says something else than the address; none when all agree."""
        said = parse_qs(urlsplit(self.address).query, keep_blank_values=True)
        setting, view, problems = read_link(said, evidence().claims, newest())
        wrong = [f"address: {problem}" for problem in problems]
        for kind, widgets in (("slider", self.sliders), ("typed", self.typed)):
            for knob, values in widgets.items():
                if len(values) != 1 or abs(values[0] - setting.values[knob]) > 1e-9:
                    wrong.append(f"{kind} {knob} shows {values}, the address says {setting.values[knob]:g}")
        preset = active_preset(setting)
        if self.preset is not None and self.preset != (preset.label if preset else ""):
            wrong.append(f"the preset box says {self.preset!r}, the setting is {preset and preset.label!r}")
        horizon = view.horizon(evidence().as_of)
        if self.years is not None and not self.years.startswith(year_text(horizon)):
            wrong.append(f"the year-end shows {self.years}, the address says {year_text(horizon)}")
        if self.chances:
            forecast = _forecast(tuple(sorted(setting.values.items())))
            readings = reversed(outlook(forecast.table, horizon))
            expected = tuple(reading.chance.percent for reading in readings)
            if forecast.status in TRUSTED and self.chances != expected:
                wrong.append(f"the headline says {self.chances}, the address {self.address} gives {expected}")
        return wrong
