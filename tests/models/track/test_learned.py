"""Settled signposts: the worth that saved draws expected of their answers, and what came of them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from models.names import STATES
from models.outcome.rule import RULE
from models.record.bodies import facts_of
from models.record.entries import Draft
from models.record.store import Record
from models.signposts.value import values
from models.track.learned import (
    COLUMNS,
    LESS,
    MORE,
    behind,
    learned_summary,
    learned_table,
    waiting_signposts,
)
from models.track.track_record import TOO_FEW
from tests.support.programs.clock import NOW
from tests.support.values.asked import asked_snapshot, small_question
from tests.support.values.saved import resolved, saved

TODAY = date(2035, 1, 5)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A record that holds a forecast with its draws, and the same one without."""
    snapshot = asked_snapshot()
    from models.snapshot.inputs import inputs_of
    from tests.support.values.asked import small_library

    with Record.open(str(tmp_path_factory.mktemp("learned") / "record.db"), clock=lambda: NOW) as record:
        whole = record.save(Draft(name="Whole", author="Ada"), snapshot, inputs_of(*small_library()))
        yield record, whole


@pytest.fixture(scope="module")
def asked(stored):
    return behind(*stored)


def settled(saved_forecast, name: str, outcome: str, **fields):
    said = saved_forecast.signposts[name]
    year = int(said["deadline"][:4])
    given = {"question": "signpost", "subject": name, "rule": said["digest"]}
    given["status"] = "resolved" if outcome in ("yes", "no") else outcome
    return resolved(900, year, outcome if outcome in ("yes", "no") else "", **{**given, **fields})


def first_open(whole):
    """The signpost with the nearest deadline, and that year."""
    name = min(whole.signposts, key=lambda one: whole.signposts[one]["deadline"])
    return name, int(whole.signposts[name]["deadline"][:4])


def table_of(stored, asked, *resolutions, today=TODAY):
    _, whole = stored
    return learned_table([whole], resolutions, today, lambda _: asked)


def test_the_saved_draws_answer_as_they_did(stored, asked):
    _, whole = stored
    name, year = first_open(whole)
    table = table_of(stored, asked, settled(whole, name, "yes"), resolved(901, year + 1, "rupture"))
    worth = values(small_question(), 2)
    usual = table[table["usual"]].iloc[0]
    assert usual["expected"] == pytest.approx(worth.value[small_question().board.index(name)], abs=1e-12)
    assert set(table["target_year"]) == {whole.reference_date.year + h for h in whole.horizons} - set(range(year))
    scored = table[table["status"] == "resolved"]
    assert list(scored["target_year"]) == [year + 1]
    at = whole.horizons.index(year + 1 - whole.reference_date.year)
    before, after = (
        states(small_question(), (), at),
        states(small_question(), (name,), at),
    )
    fall = np.square(np.cumsum(before)[:-1] - 1).sum() - np.square(np.cumsum(after)[:-1] - 1).sum()
    assert scored["gained"].iloc[0] == pytest.approx(fall, abs=0.02)
    assert table.loc[table["status"] != "resolved", "gained"].isna().all()
    assert (table["moved"] >= 0).all()
    assert (table["expected_error"] > 0).all()


def states(question, yes, place):
    from models.signposts.pins import Observed

    pins = [Observed(id=name, yes=True) for name in yes]
    return question.ask(pins).mixture.outcomes[place, : len(STATES)]


@pytest.mark.parametrize(
    ("outcome", "fields", "why"),
    [
        ("disputed", {}, "the signpost was disputed"),
        ("annulled", {}, "the signpost was annulled"),
        ("yes", {"rule": "0" * 64}, "the signpost was annulled"),  # asked otherwise
    ],
)
def test_what_was_set_aside_taught_nothing(stored, asked, outcome, fields, why):
    _, whole = stored
    name, _ = first_open(whole)
    table = table_of(stored, asked, settled(whole, name, outcome, **fields))
    assert set(table["why"]) == {why}
    assert table[["expected", "moved", "gained"]].isna().all(axis=None)
    assert learned_summary(table).empty


def test_a_forecast_without_draws_says_why(stored):
    record, whole = stored
    light = replace(whole, inputs={})
    table = learned_table([light], [settled(whole, first_open(whole)[0], "no")], TODAY, lambda one: behind(record, one))
    assert set(table["why"]) == {"it was saved without its draws"}
    assert behind(record, light) == "it was saved without its draws"


def test_nothing_is_asked_before_an_answer_is_in(stored):
    _, whole = stored

    def never(_):
        raise AssertionError

    table = learned_table([whole, saved(1, 2020)], [resolved(901, 2026, "strain")], TODAY, never)
    assert table.empty
    assert list(table.columns) == list(COLUMNS)
    assert learned_summary(table).empty
    assert waiting_signposts([whole], []) == len(whole.signposts)
    assert waiting_signposts([whole], [settled(whole, first_open(whole)[0], "no")]) == len(whole.signposts) - 1


def made(gained: float, years: range, expected: float = 0.1) -> pd.DataFrame:
    """Rows of one signpost an origin, whose gains scatter a little round a mean."""
    rng = np.random.default_rng(3)
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {"mark": "live", "rule": RULE.digest, "origin": pd.Timestamp(year, 12, 31), "signpost": "S01", "usual": True}
        | {"target_year": year + 3, "status": "resolved", "expected": expected, "moved": expected, "moved_error": 0.01}
        | {"expected_error": 0.01, "gained": gained + rng.normal(0, 0.01), "gained_error": 0.02}
        for year in years
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("gained", "years", "said"),
    [(0.3, range(1980, 2020), MORE), (-0.1, range(1980, 2020), LESS), (0.3, range(2010, 2019), TOO_FEW)],
)
def test_more_or_less_than_expected_is_said_by_the_sober_rule(gained, years, said):
    (row,) = learned_summary(made(gained, years)).to_dict("records")
    assert row["verdict"] == said
    assert (row["answers"], row["scored"], row["origins"]) == (len(years), len(years), len(years))
    assert row["difference"] == pytest.approx(0.1 - gained, abs=0.01)
    assert row["error"] == pytest.approx(0.02)


def test_saves_of_one_year_count_once():
    table = pd.concat([made(0.2, range(2000, 2003))] * 5)
    (row,) = learned_summary(table).to_dict("records")
    assert row["answers"] == 3


def test_facts_of_the_entry_are_those_of_the_snapshot(stored):
    _, whole = stored
    assert facts_of(asked_snapshot().document)["signposts"].keys() == whole.signposts.keys()
