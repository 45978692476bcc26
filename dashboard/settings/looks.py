"""Widgets that choose where a reader looks and change no assumption: the year-end, the reference date, the group."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import streamlit as st

from dashboard.cache import reference
from dashboard.settings import controls
from dashboard.settings.controls import GROUP_LABELS
from dashboard.settings.link import GROUPS, View
from dashboard.wording.days import date_choice, year_choice
from dashboard.wording.glossary import define
from data.days import horizons_from, year_end
from data.values import frozen


@frozen
class Choice[T]:
    """One of a few, as buttons beside each other."""

    key: str
    label: str
    options: tuple[T, ...]
    name: Callable[[T], str]
    help: str


def horizon(forecast_from: date) -> int:
    """Which year-end the headline of a forecast is about, as years after its reference date's own."""
    return controls.view().horizon(forecast_from)


def horizon_selector(forecast_from: date, name: Callable[[date], str] | None = None) -> int:
    """Choose the year-end that the headline of a forecast is about; returns `horizon`.

    Parameters
    ----------
    name : callable, optional
        Of a year-end, its words on the button; by default they say how far off it is.
    """
    ends = {end.year: end for end in (year_end(forecast_from, ahead) for ahead in horizons_from(forecast_from))}
    present, own = controls.account(), reference.evidence().as_of
    usual, named = own.year + View().horizon(own), name or partial(year_choice, today=reference.today())
    options = Choice(
        key=f"years:{min(ends)}",
        label="Year-end",
        options=tuple(ends),
        name=lambda year: named(ends[year]),
        help=define("horizon"),
    )
    chosen = forecast_from.year + horizon(forecast_from)
    _choice(options, chosen, lambda year: present.look(year=None if year == usual else year))
    return horizon(forecast_from)


def group_selector() -> str:
    """Which group of knobs is open on the page."""
    help_text = (
        "The essay's reasons for cooperation, its fault lines, what the United States does, what holds for all, and "
        "how much each model counts."
    )
    present, group = controls.account(), controls.view().group
    options = Choice(key="group", label="Group", options=GROUPS, name=GROUP_LABELS.__getitem__, help=help_text)
    _choice(options, group, lambda chosen: present.look(group=chosen))
    return group


def reference_selector(fitted: Sequence[date]) -> None:
    """Choose the day as of which the evidence counts, among those that have a fit."""
    present, own, newest = controls.account(), reference.evidence().as_of, reference.newest()
    days = sorted({*fitted, own, newest}, reverse=True)
    if len(days) == 1:
        return
    shown = st.selectbox(
        "Evidence as of",
        days,
        index=days.index(own),
        key=present.key("as_of", own, lambda day: present.look(as_of=None if day == newest else day)),
        format_func=lambda day: date_choice(day, newest),
        help=define("evidence as of"),
    )
    controls.compare(present, shown, own)


def _choice[T](one: Choice[T], value: T, take: Callable[[T], None]) -> None:
    present = controls.account()
    shown = st.segmented_control(
        one.label,
        one.options,
        default=value,
        key=present.key(one.key, value, lambda chosen: take(value if chosen is None else chosen)),
        required=True,
        format_func=one.name,
        help=one.help,
    )
    controls.compare(present, shown, value)
