"""No sentence speaks of a day that has come as if it were ahead, whatever the day and the reference date."""

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from dashboard import wording
from dashboard.wording import days, evidence, forecast, models, year_mean
from dashboard.wording.now import nowcast
from data.days import horizons_from, year_end
from data.unused import AHEAD, Unused
from models.names import Scenario
from models.outcome.rule import Label
from tests.support.values.results import table, with_years

AHEAD_WORDS = re.compile(
    r"\b(will|shall|won’t|going to|would (?:need|make|move)|still to come|upcoming|next (?:full )?year|is ahead|Nowcast"
    r"|in \d+ (?:day|week|month|year)s?|tomorrow)\b"
)
DATED = re.compile(r"(?:(\d{1,2}) (January|June|September|October|November|December) )?\b(19\d\d|20\d\d)\b")
MONTHS = {"January": 1, "June": 6, "September": 9, "October": 10, "November": 11, "December": 12}
REFERENCES = (
    date(1969, 12, 31),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 10, 8),
)
LATER = (0, 84, 365, 800)
"""Days from the reference date to the day on which the page is looked at."""
NOT_OF_A_DAY = {
    ("record", "Live: somebody stands by it"),
    ("track", "still to come"),
    ("track", " A window is live only where its first year-end was still to come."),
    ("support", "roughly; a refit will tell"),
    ("welcome", "What would make a rupture by "),
    ("glossary", "A yearly measurement of one of the essay's mechanisms"),
    ("glossary", "How far a number would move"),
    ("glossary", "By how much a driver one standard deviation above its mean"),
    ("sensitivity", "neither setting nor evidence would move it"),
    ("chances", "Simulating again would move"),
    ("paths", "Simulating again would move"),
    ("forecast", " would make it "),
    ("forecast", "The library’s draws are re-weighted"),
    ("forecast", "They are too far from all stored fits"),
}
"""Module and beginning of every other text with such a word: about a refit, a rule or a model, never about a day; on
the
Track record page, of a question whose status was worked out for today; and half a sentence of `needed_sentence`."""


def ahead_of(reference: date, today: date) -> Iterator[str]:
    """Every sentence that the page makes of a forecast's days."""
    results = _results(reference)
    coming, label = (
        year_mean.year_outlooks(results),
        Label(year=reference.year, state=Scenario.STRAIN, reason="", tone=-1.0, decisive=()),
    )
    act = Unused(file="events.csv", row=2, name="E1", day=reference + timedelta(days=9), reason=AHEAD)
    ends = [year_end(reference, ahead) for ahead in horizons_from(reference)]
    for horizon, end in zip(horizons_from(reference), ends, strict=True):
        yield forecast.headline(results, horizon, today)
        yield forecast.likeliest(results, horizon, today)
        yield days.year_choice(end, today)
        yield days.hindcast_note(end, reference, today)
    yield from _whatever_the_day(reference)
    yield forecast.alignment_sentence(_path(reference))
    yield forecast.needed_sentence(ends[0].year, (-11.1, -4.1, 4.2), (1.0, 2.0, 3.0, 4.0), today)
    yield year_mean.year_headline(year_mean.first_full(coming, reference), today)
    yield nowcast.nowcast_headline(results, today)
    yield nowcast.resolved_sentence(label, reference)
    yield nowcast.rows_sentence(3, 1.5, 8.0, 11.0, reference)
    yield nowcast.thin_sentence(3, results)
    yield evidence.days_sentence(reference, reference, today)
    yield evidence.former_sentence(reference, date(2026, 12, 30), today)
    yield evidence.fitting_sentence(reference, REFERENCES)
    yield evidence.ahead_sentence([act], reference)
    yield days.date_choice(reference, reference)


@cache
def _whatever_the_day(reference: date) -> tuple[str, ...]:
    """The sentences that are the same on every day."""
    results = _results(reference)
    last = horizons_from(reference)[-1]
    return (
        forecast.states_sentence(results),
        forecast.dots_sentence(results, last),
        forecast.targets_sentence(results, last),
        forecast.state_on_day(results, "strain", last),
        models.models_sentence(results, last),
        forecast.number_sentence(results, last),
        year_mean.years_sentence(year_mean.year_outlooks(results)),
        year_mean.past_sentence(year_mean.year_outlooks(results), (1.0, 2.0), 2.0),
        nowcast.nowcast_line(results),
    )


@cache
def _results(reference: date) -> pd.DataFrame:
    return with_years(table(reference=reference))


def _path(reference: date) -> pd.DataFrame:
    years = [reference.year - 1, reference.year, reference.year + 1]
    kinds = ["history", "history", "forecast"]
    levels = {name: [0.0, 1.0, 2.0] for name in ("q05", "q25", "q50", "q75", "q95")}
    return pd.DataFrame({"year": years, "kind": kinds, **levels})


def speaks_ahead_of_a_day_that_has_come(text: str, today: date) -> bool:
    """Whether a part of a text has a word of the future beside a date, the last of which has come."""
    for part in re.split(r"(?<=[.;])\s", text):
        named = [_last_day(*match.groups()) for match in DATED.finditer(part)]
        if AHEAD_WORDS.search(part) and named and max(named) <= today:
            return True
    return False


def _last_day(day: str | None, month: str | None, year: str) -> date:
    return date(int(year), MONTHS[month], int(day)) if day else date(int(year), 12, 31)


@pytest.mark.parametrize(("reference", "later"), list(product(REFERENCES, LATER)))
def test_no_sentence_is_in_the_future_tense_about_a_day_that_has_come(reference, later):
    today = reference + timedelta(days=later)
    told = list(ahead_of(reference, today))
    assert [text for text in told if speaks_ahead_of_a_day_that_has_come(text, today)] == []
    for end in (year_end(reference, ahead) for ahead in horizons_from(reference)):
        marked = "◇" in days.year_choice(end, today)
        assert marked == (end <= today) == bool(days.hindcast_note(end, reference, today))


def test_the_search_itself_finds_what_it_is_for():
    day = date(2027, 1, 1)
    assert speaks_ahead_of_a_day_that_has_come("On 31 December 2026 it will most likely stand in strain.", day)
    assert speaks_ahead_of_a_day_that_has_come("The next full year, 2026: mean intensity +1.", day)
    assert not speaks_ahead_of_a_day_that_has_come("On 31 December 2027 it will most likely stand in strain.", day)
    assert not speaks_ahead_of_a_day_that_has_come("31 December 2026 has come.", day)
    ahead = list(ahead_of(date(2026, 10, 8), date(2026, 11, 28)))
    assert sum(bool(AHEAD_WORDS.search(text)) for text in ahead) > 5


def texts_of(module: Path) -> Iterator[tuple[str, bool]]:
    """Every text of a module that is not a docstring, and whether its function is given the day."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    told = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and "today" in {one.arg for one in node.args.args}
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value, id(node) in told


def test_whoever_words_the_future_is_given_the_day():
    folder = Path(wording.__file__).parent
    found = {
        (path.stem, text)
        for path in folder.rglob("*.py")
        for text, given in texts_of(path)
        if not given and AHEAD_WORDS.search(text)
    }
    excused = {
        (module, start): [text for stem, text in found if stem == module and text.startswith(start)]
        for module, start in NOT_OF_A_DAY
    }
    assert found == {(module, text) for (module, _), texts in excused.items() for text in texts}
    assert all(excused.values())  # none is excused for nothing
