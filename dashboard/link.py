"""The address of a page as settings, and back: what a link says, read tolerantly and written exactly. No Streamlit."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from data.types import Claim
from models.assumptions import Assumptions, read_assumptions
from models.knobs import Prior
from models.names import HORIZONS

HORIZON, GROUP, JOB, ENTRY = "years", "group", "refit", "entry"
LOOKS = (HORIZON, GROUP, JOB, ENTRY)
GROUPS = ("cooperation", "rupture", "us_policy", "global", "weight")
DEFAULT_HORIZON = HORIZONS[0]
JOB_ID = re.compile(r"[0-9a-f]{12}")
ENTRY_ID = re.compile(r"[0-9a-f]{6,64}")
ENTRY_DIGITS = 12
"""Hexadecimal digits of a saved forecast in a link: two of a million share them once in five hundred records."""
MAX_PARAMETERS = 100
"""A link has at most some twenty-five parameters; a longer one is not ours, and naming each would fill the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Where the reader looks: the horizon, the group of knobs that is open, the refit that is being watched, and the
    saved forecast that is open (the first digits of its entry's digest)."""

    horizon: int = DEFAULT_HORIZON
    group: str = GROUPS[0]
    job: str = ""
    entry: str = ""


def read_link(raw: Mapping[str, str], claims: Iterable[Claim]) -> tuple[Assumptions, View, tuple[str, ...]]:
    """Read the parameters of an address.

    Returns
    -------
    Assumptions, View, tuple of str
        Settings that are valid whatever the link said, and one sentence for each value that was not taken as it stood.
    """
    claims = tuple(claims)
    settings = {key: text for key, text in list(raw.items())[:MAX_PARAMETERS] if key not in LOOKS}
    assumptions, problems = read_assumptions(settings, claims)
    horizon, horizon_problems = _read_horizon(raw.get(HORIZON))
    job, job_problems = _read_job(raw.get(JOB, ""))
    group, group_problems = _read_group(raw.get(GROUP, GROUPS[0]))
    entry, entry_problems = _read_entry(raw.get(ENTRY, ""))
    view = View(horizon=horizon, group=group, job=job, entry=entry)
    return assumptions, view, (*problems, *horizon_problems, *group_problems, *job_problems, *entry_problems)


def write_link(assumptions: Assumptions, view: View) -> dict[str, str]:
    """Write the parameters that `read_link` turns into the same settings; what stands at its default is left out."""
    moved = {key: number_text(assumptions.knobs[key], assumptions.values[key]) for key in assumptions.changed}
    plain = View()
    looking = (
        (HORIZON, view.horizon, plain.horizon),
        (GROUP, view.group, plain.group),
        (JOB, view.job, plain.job),
        (ENTRY, view.entry[:ENTRY_DIGITS], plain.entry),
    )
    return moved | {key: str(value) for key, value, default in looking if value != default}


def number_text(prior: Prior, value: float) -> str:
    """Write a knob's value with the decimals of its step."""
    return f"{value:.{prior.decimals}f}"


def _read_horizon(text: str | None) -> tuple[int, tuple[str, ...]]:
    if text is None:
        return DEFAULT_HORIZON, ()
    if text in {str(horizon) for horizon in HORIZONS}:
        return int(text), ()
    asked = f"“{text[:40]}” is not a number of years from {HORIZONS[0]} to {HORIZONS[-1]}"
    return DEFAULT_HORIZON, (f"Years ahead: {asked}; {DEFAULT_HORIZON} is used.",)


def _read_group(text: str) -> tuple[str, tuple[str, ...]]:
    if text in GROUPS:
        return text, ()
    return GROUPS[0], (f"Group of assumptions: “{text[:40]}” is not one of {', '.join(GROUPS)}; {GROUPS[0]} is shown.",)


def _read_job(text: str) -> tuple[str, tuple[str, ...]]:
    if not text or JOB_ID.fullmatch(text):
        return text, ()
    return "", (f"Refit: “{text[:40]}” is not the name of a refit; it was ignored.",)


def _read_entry(text: str) -> tuple[str, tuple[str, ...]]:
    if not text or ENTRY_ID.fullmatch(text):
        return text, ()
    return "", (f"Saved forecast: “{text[:40]}” is not the beginning of an entry’s digest; it was ignored.",)
