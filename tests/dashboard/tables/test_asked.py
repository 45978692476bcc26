"""Tables of what is asked: the shown, the drawn and the exported numbers are the same ones."""

import numpy as np
import pytest

from dashboard.figures.asked import answer_bars, supposed_states
from dashboard.tables import asked as tables
from dashboard.tables.asked import SUPPOSED, WITHOUT
from dashboard.wording.chances import percent
from models.names import MODEL_MIXTURE, STATES, TARGET_STATE
from models.outcome.signposts import resolve_signposts
from models.rounding import PUBLISHED
from models.signposts.pins import Observed
from models.signposts.table import SignpostTable
from models.signposts.value import values
from tests.support.page.charts import rows as drawn

AT = 2
"""Position of the year-end that is looked at."""


@pytest.fixture(scope="module")
def answer(question):
    return question.ask((Observed(id=question.board.open[0].id, yes=True),))


@pytest.fixture(scope="module")
def rows(question, answer):
    return tables.answer_rows(question.forecast.table, answer)


@pytest.fixture(scope="module")
def signposts(question):
    chances, worth = question.chances()[MODEL_MIXTURE], values(question, AT)
    titles = {signpost.claim: f"Claim {signpost.claim}" for signpost in question.board.open}
    return tables.signpost_rows(question.board.open, chances, chances, worth, titles), worth


def test_without_is_the_published_table_and_supposed_the_answer(question, answer, rows):
    for at, year in enumerate(answer.years):
        here = rows[rows["year"] == year].set_index(["kind", "state"])["chance"]
        for code, state in enumerate(STATES):
            ahead = year - question.forecast.reference_date.year
            assert here[WITHOUT, state] == question.forecast.probability(TARGET_STATE, ahead, state)
            assert here[SUPPOSED, state] == answer.published[at, code]


def test_picture_and_table_hold_the_same_numbers(answer, rows):
    picture = drawn(supposed_states(rows, "Said."))
    assert picture["probability"].tolist() == rows["chance"].tolist()
    table = tables.answer_table(rows).set_index("Year-end")
    last = rows[(rows["year"] == answer.years[-1]) & (rows["state"] == "deeper")].set_index("kind")
    error = last["error"].max()
    assert table.loc[answer.years[-1], "Deeper"].startswith(percent(last.loc[SUPPOSED, "chance"], error))


def test_signposts_are_sorted_most_first_and_deadlines_nearest_first(signposts):
    rows, _ = signposts
    for by in ("value", "pull", "chance"):
        assert (np.diff(tables.sorted_rows(rows, by)[by]) <= 0).all()
    assert (np.diff(tables.sorted_rows(rows, "deadline")["deadline"]) >= 0).all()


def test_the_page_shows_what_goes_out(question, evidence, answer, rows, signposts):
    """Headline, card and table of the page against what CSV, JSON and the command line hold."""
    listed, worth = signposts
    plain = SignpostTable.of(question, evidence, year=question.board.coming.years[AT])
    assert np.round(listed["chance"], PUBLISHED.decimals).tolist() == plain.table["chance"].tolist()
    np.testing.assert_allclose(listed["pull"], plain.table["pull"], atol=1e-5)
    assert np.round(worth.value, PUBLISHED.decimals).tolist() == plain.table["value"].tolist()
    given = SignpostTable.of(question, evidence, (answer.pins, ())).states
    own = given[given["outcome"].isin(STATES)]
    assert own["given"].tolist() == rows.loc[rows["kind"] == SUPPOSED, "chance"].tolist()
    assert own["before"].tolist() == rows.loc[rows["kind"] == WITHOUT, "chance"].tolist()


def test_the_ranking_has_the_most_telling_first(signposts):
    rows, worth = signposts
    ranking = tables.value_table(rows, worth)
    assert ranking["Signpost"].tolist() == tables.sorted_rows(rows, "value")["id"].tolist()


def test_bars_stand_in_the_order_given_and_hold_all_four_states(signposts):
    _, worth = signposts
    spec = answer_bars({"If yes": worth.yes[0], "If no": worth.no[0]}, [0.0] * 4, "Said.")
    assert drawn(spec)["name"].tolist() == ["If yes"] * 4 + ["If no"] * 4
    assert drawn(spec)["probability"].tolist() == [*worth.yes[0], *worth.no[0]]


def test_settled_questions_name_their_row(evidence):
    table = tables.settled_table(resolve_signposts(evidence.events, evidence.as_of))
    assert set(table["Answer"]) <= {"yes", "no", "due"}
    assert (table.loc[table["Answer"] == "yes", "Row"] != "").all()
