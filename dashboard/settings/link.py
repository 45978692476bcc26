"""The address of a page as settings, and back: what a link says, read tolerantly and written exactly. No Streamlit."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Self

from dashboard.settings.conditions import ACT, PIN
from dashboard.settings.reasons import STRENGTH, essay_strength
from data.days import horizons_from
from data.types import Claim
from data.values import frozen
from models.assumptions.knobs import Knob, Knobs, knobs
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions, read_assumptions
from models.outcome.signpost_list import SIGNPOSTS
from models.refits.request import JOB_ID

YEAR, AS_OF, GROUP, JOB, ENTRY, QUESTION, WHY = "year", "as_of", "group", "refit", "entry", "signpost", "why"
PRESET, EDITION, FORMER_YEARS = "preset", "edition", "years"
LOOKS = (YEAR, AS_OF, GROUP, JOB, ENTRY, QUESTION, WHY, PIN, ACT, PRESET, EDITION, FORMER_YEARS)
PRESENT_EDITION = "2"
"""Written into every link that moves a knob. Where it is missing the link is of the time when the essay's strength of
the drivers was the default, or was typed by hand."""
GROUPS = ("cooperation", "rupture", "us_policy", "global", "weight")
HEADLINE = 2
"""Place of the year-end that is shown first, among those that are forecast: the third ahead, where what is on the books
already has nearly faded."""
COUNTED_FROM, COUNTED_FROM_FIRST = 2025, 2024
"""Year from whose end links of the second edition, and those of the first with moved knobs, counted years ahead."""
RECORD_PAGE, ASK_PAGE, WHY_PAGES = "record", "ask", ("", "evidence")
EARLIEST = date(1950, 12, 31)
ENTRY_ID = re.compile(r"[0-9a-f]{6,64}")
SIGNPOST_ID = re.compile("|".join(signpost.id for signpost in SIGNPOSTS))
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
    """Where the reader looks.

    Attributes
    ----------
    year : int or None
        Calendar year whose end the headline is about; None is the third year-end ahead.
    as_of : date or None
        Reference date of the forecast; None is the newest.
    group : str
        Group of knobs that is open.
    job : str
        Refit that is being watched.
    entry : str
        Saved forecast that is open: the first digits of its entry's digest.
    signpost : str
        Signpost whose card is open; empty for the first of the list.
    why : int or None
        Past year that is explained.
    """

    year: int | None = None
    as_of: date | None = None
    group: str = GROUPS[0]
    job: str = ""
    entry: str = ""
    signpost: str = ""
    why: int | None = None

    def on(self, page: str) -> Self:
        """What a page's address says of the view: a saved forecast, signpost or year is named only where it shows."""
        shown = replace(self, entry=self.entry if page == RECORD_PAGE else "")
        shown = replace(shown, why=self.why if page in WHY_PAGES else None)
        return replace(shown, signpost=self.signpost if page == ASK_PAGE else "")

    def horizon(self, reference: date) -> int:
        """How many years after a reference date's own the year-end lies that is looked at, among those forecast."""
        ahead = horizons_from(reference)
        wanted = ahead[HEADLINE] if self.year is None else self.year - reference.year
        return wanted if wanted in ahead else ahead[HEADLINE]


def read_link(
    raw: Mapping[str, str | Sequence[str]], claims: Iterable[Claim], newest: date
) -> tuple[Assumptions, View, tuple[str, ...]]:
    """Read the parameters of an address.

    Parameters
    ----------
    raw : mapping of str to str or sequence of str
        Texts as they stand in the link; a parameter that stands there several times has several.
    claims : iterable of Claim
    newest : date
        Reference date of a link that names none.

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
    repeated = [_repeated(key, texts) for key, texts in given.items() if len(set(texts)) > 1 and key not in (PIN, ACT)]
    as_of, day_problems = _read_day(said.get(AS_OF), newest)
    year, year_problems = _read_year(said, as_of or newest)
    job, job_problems = _read_name(said.get(JOB, ""), JOB_ID, "Refit", "the name of a refit")
    group, group_problems = _read_group(said.get(GROUP, GROUPS[0]))
    entry, entry_problems = _read_name(
        said.get(ENTRY, ""), ENTRY_ID, "Saved forecast", "the beginning of an entry’s digest"
    )
    signpost, signpost_problems = _read_name(said.get(QUESTION, ""), SIGNPOST_ID, "Signpost", "on the list")
    why, why_problems = _read_why(said.get(WHY, ""), as_of or newest)
    view = View(year=year, as_of=as_of, group=group, job=job, entry=entry, signpost=signpost, why=why)
    looks = (*day_problems, *year_problems, *group_problems, *job_problems, *entry_problems, *signpost_problems)
    return assumptions, view, (*problems, *repeated, *looks, *why_problems)


def write_link(assumptions: Assumptions, view: View) -> dict[str, str]:
    """Write the parameters that `read_link` turns into the same settings; what stands at its default is left out."""
    moved = {key: number_text(assumptions.knobs[key], assumptions.values[key]) for key in assumptions.changed}
    moved |= {EDITION: PRESENT_EDITION} if moved else {}
    plain = View()
    looking = (
        (YEAR, view.year, plain.year),
        (AS_OF, view.as_of, plain.as_of),
        (GROUP, view.group, plain.group),
        (JOB, view.job, plain.job),
        (ENTRY, view.entry[:ENTRY_DIGITS], plain.entry),
        (QUESTION, view.signpost, plain.signpost),
        (WHY, view.why, plain.why),
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


def _read_day(text: str | None, newest: date) -> tuple[date | None, tuple[str, ...]]:
    if not text:
        return None, ()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day == newest:
        return None, ()
    if day and EARLIEST <= day < newest:
        return day, ()
    problem = f"“{text[:40]}” is not a day from {EARLIEST} to {newest}, to which the evidence goes"
    return None, (f"Reference date: {problem}; {newest} is used.",)


def _read_year(said: Mapping[str, str], reference: date) -> tuple[int | None, tuple[str, ...]]:
    """The calendar year that a link names, or that one of before counted to."""
    text, former = said.get(YEAR), said.get(FORMER_YEARS)
    years = [reference.year + ahead for ahead in horizons_from(reference)]
    plain = View().horizon(reference) + reference.year
    if text is None and former is not None:
        return _read_former(former, said, years, plain)
    if text is None or text == str(plain):
        return None, ()
    if text in map(str, years):
        return int(text), ()
    problem = (
        f"“{text[:40]}” is not a year from {years[0]} to {years[-1]}, which the forecast from {reference} is about"
    )
    return None, (f"Year-end: {problem}; {plain} is shown.",)


def _read_former(
    text: str, said: Mapping[str, str], years: Sequence[int], plain: int
) -> tuple[int | None, tuple[str, ...]]:
    """A year-end by the number of years after the reference date that the page had when the link was made."""
    counted = COUNTED_FROM if said.get(EDITION) == PRESENT_EDITION or not _moves(said) else COUNTED_FROM_FIRST
    if text not in map(str, horizons_from(date(counted, 12, 31))):
        return None, (f"Year-end: “{text[:40]}” is not a number of years from 1 to 5; {plain} is shown.",)
    year = counted + int(text)
    if year in years:
        return (None if year == plain else year), ()
    return None, (
        f"Year-end: the link counts {text} from the end of {counted}, which is {year}; the forecast shown is about "
        f"{years[0]} to {years[-1]}, so that {plain} is shown.",
    )


def _read_why(text: str, reference: date) -> tuple[int | None, tuple[str, ...]]:
    """The past year that a link wants explained."""
    years = range(EARLIEST.year, reference.year + 1)
    if not text or text in map(str, years):
        return (int(text) if text else None), ()
    problem = f"“{text[:40]}” is not a year from {years[0]} to {years[-1]}; none is explained"
    return None, (f"Why this year: {problem}.",)


def _moves(said: Mapping[str, str]) -> bool:
    """Whether a link moves a knob: only such a link says of which edition it is."""
    return any(key not in LOOKS for key in said)


def _read_group(text: str) -> tuple[str, tuple[str, ...]]:
    if text in GROUPS:
        return text, ()
    return GROUPS[0], (f"Group of assumptions: “{text[:40]}” is not one of {', '.join(GROUPS)}; {GROUPS[0]} is shown.",)


def _read_name(text: str, pattern: re.Pattern[str], kind: str, expected: str) -> tuple[str, tuple[str, ...]]:
    if not text or pattern.fullmatch(text):
        return text, ()
    return "", (f"{kind}: “{text[:40]}” is not {expected}; it was ignored.",)
