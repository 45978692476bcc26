"""The address of a page as settings, and back: what a link says, read tolerantly and written exactly. No Streamlit."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Self

from dashboard.settings.reasons import STRENGTH, essay_strength
from data.types import Claim
from data.values import frozen
from models.assumptions.knobs import Knob, Knobs, knobs
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions, read_assumptions
from models.names import HORIZONS
from models.refits.request import JOB_ID

HORIZON, GROUP, JOB, ENTRY = "years", "group", "refit", "entry"
PRESET, EDITION = "preset", "edition"
LOOKS = (HORIZON, GROUP, JOB, ENTRY, PRESET, EDITION)
PRESENT_EDITION = "2"
"""Written into every link that moves a knob. Where it is missing the link is of the time when the essay's strength of
the drivers was the default, or was typed by hand."""
GROUPS = ("cooperation", "rupture", "us_policy", "global", "weight")
DEFAULT_HORIZON = HORIZONS[2]
"""The third year-end ahead: what is on the books already has nearly faded there."""
ENTRY_ID = re.compile(r"[0-9a-f]{6,64}")
ENTRY_DIGITS = 12
"""Hexadecimal digits of a saved forecast in a link: two of a million share them once in five hundred records."""
TRACKING = re.compile(r"utm_\w*|(fb|g|d)clid|gbraid|wbraid|msclkid|yclid|mc_[ce]id|_ga|_gl|igshid", re.ASCII)
"""What mail programs and social sites add to a link for themselves: nothing that anybody said to this page."""
MAX_PARAMETERS = 100
"""A link has at most some twenty-five parameters; a longer one is not ours, and naming each would fill the page."""

FORMER = (
    "This link does not say how much drivers matter. It is read as links were meant before the evidence alone became "
    "the default: with the essay’s reading. Choose the preset “Evidence alone” for today’s default."
)


@frozen
class View:
    """Where the reader looks: the horizon, the group of knobs that is open, the refit that is being watched, and the
    saved forecast that is open (the first digits of its entry's digest)."""

    horizon: int = DEFAULT_HORIZON
    group: str = GROUPS[0]
    job: str = ""
    entry: str = ""

    @property
    def without_entry(self) -> Self:
        """The same view with no saved forecast open."""
        return replace(self, entry="")


def read_link(
    raw: Mapping[str, str | Sequence[str]], claims: Iterable[Claim]
) -> tuple[Assumptions, View, tuple[str, ...]]:
    """Read the parameters of an address.

    Parameters
    ----------
    raw : mapping of str to str or sequence of str
        Texts as they stand in the link; a parameter that stands there several times has several.
    claims : iterable of Claim

    Returns
    -------
    Assumptions, View, tuple of str
        Settings that are valid whatever the link said, and one sentence for each value that was not taken as it stood.
    """
    claims = tuple(claims)
    ours = [(key, texts) for key, texts in raw.items() if not TRACKING.fullmatch(key)]
    given = {key: _texts(texts) for key, texts in ours[:MAX_PARAMETERS]}
    said = {key: texts[-1] for key, texts in given.items()}
    assumptions, problems = _read_setting(said, claims)
    repeated = [_repeated(key, texts) for key, texts in given.items() if len(set(texts)) > 1]
    horizon, horizon_problems = _read_horizon(said.get(HORIZON))
    job, job_problems = _read_name(said.get(JOB, ""), JOB_ID, "Refit", "the name of a refit")
    group, group_problems = _read_group(said.get(GROUP, GROUPS[0]))
    entry, entry_problems = _read_name(
        said.get(ENTRY, ""), ENTRY_ID, "Saved forecast", "the beginning of an entry’s digest"
    )
    view = View(horizon=horizon, group=group, job=job, entry=entry)
    looks = (*horizon_problems, *group_problems, *job_problems, *entry_problems)
    return assumptions, view, (*problems, *repeated, *looks)


def write_link(assumptions: Assumptions, view: View) -> dict[str, str]:
    """Write the parameters that `read_link` turns into the same settings; what stands at its default is left out."""
    moved = {key: number_text(assumptions.knobs[key], assumptions.values[key]) for key in assumptions.changed}
    moved |= {EDITION: PRESENT_EDITION} if moved else {}
    plain = View()
    looking = (
        (HORIZON, view.horizon, plain.horizon),
        (GROUP, view.group, plain.group),
        (JOB, view.job, plain.job),
        (ENTRY, view.entry[:ENTRY_DIGITS], plain.entry),
    )
    return moved | {key: str(value) for key, value, default in looking if value != default}


def number_text(knob: Knob, value: float) -> str:
    """Write a knob's value with the decimals of its step."""
    return f"{value:.{knob.decimals}f}"


def _read_setting(said: Mapping[str, str], claims: tuple[Claim, ...]) -> tuple[Assumptions, tuple[str, ...]]:
    """The preset that a link names, if it does, with the knobs that it moves; a former link keeps its strength."""
    moved = {key: text for key, text in said.items() if key not in LOOKS}
    base, problems = _read_preset(said.get(PRESET, ""), knobs(claims))
    known = [key for key in moved if key in knobs(claims)]
    if known and STRENGTH not in known and not said.get(PRESET) and said.get(EDITION) != PRESENT_EDITION:
        base, problems = {STRENGTH: essay_strength(knobs(claims))}, (*problems, FORMER)
    assumptions, more = read_assumptions({**base, **moved}, claims)
    return assumptions, (*problems, *more)


def _read_preset(name: str, available: Knobs) -> tuple[Mapping[str, float], tuple[str, ...]]:
    known = presets(available)
    if not name or name in known:
        return (known[name].values if name else {}), ()
    return {}, (f"Preset: “{name[:40]}” is not one of {', '.join(known)}; it was ignored.",)


def _texts(texts: str | Sequence[str]) -> tuple[str, ...]:
    """What a parameter says, without the blanks that a mail program adds around it."""
    return tuple(text.strip() for text in ([texts] if isinstance(texts, str) else texts)) or ("",)


def _repeated(key: str, texts: Sequence[str]) -> str:
    several = ", ".join(f"“{text[:20]}”" for text in texts[:4]) + (", …" if len(texts) > 4 else "")
    return f"“{key[:40]}” stands {len(texts)} times in the link ({several}); the last one counts."


def _read_horizon(text: str | None) -> tuple[int, tuple[str, ...]]:
    if text is None:
        return DEFAULT_HORIZON, ()
    if text in {str(horizon) for horizon in HORIZONS}:
        return int(text), ()
    problem = f"“{text[:40]}” is not a number of years ahead from {HORIZONS[0]} to {HORIZONS[-1]}"
    return DEFAULT_HORIZON, (f"Year-end: {problem}; {DEFAULT_HORIZON} is used.",)


def _read_group(text: str) -> tuple[str, tuple[str, ...]]:
    if text in GROUPS:
        return text, ()
    return GROUPS[0], (f"Group of assumptions: “{text[:40]}” is not one of {', '.join(GROUPS)}; {GROUPS[0]} is shown.",)


def _read_name(text: str, pattern: re.Pattern[str], kind: str, expected: str) -> tuple[str, tuple[str, ...]]:
    if not text or pattern.fullmatch(text):
        return text, ()
    return "", (f"{kind}: “{text[:40]}” is not {expected}; it was ignored.",)
