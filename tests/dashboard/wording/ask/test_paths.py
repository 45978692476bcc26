"""What is said of a driver held at a value: what, from when, how much, and on what it rests."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.tables.paths import driver_list, model_table, path_table
from dashboard.wording.ask import paths as words
from data.types import Evidence
from models.names import MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, MODEL_MIXTURE, TARGET_STATE
from models.paths.answers import CELLS, TABLE, PathAnswer
from models.paths.drivers import HeldDrivers
from models.paths.holds import Hold
from models.weighting.status import Status

HOLD = Hold(claim="C11", level="usual", start=2027)
SHARES = {MODEL_M0: 0.25, MODEL_M1: 0.4, MODEL_M2: 0.05, MODEL_M3: 0.3}
DAYS = {1: "2026-12-31", 2: "2027-12-31", 3: "2028-12-31"}


def answer(moves: Mapping[str, float], mcse: float = 0.0004, **changes: object) -> PathAnswer:
    """An answer whose states move in 2028 by what is given, from a quarter each."""
    rows = [
        (model, target, horizon, day, outcome, 0.25, 0.25 + move, move, mcse if move else 0.0)
        for model in (MODEL_MIXTURE, *MEMBERS)
        for horizon, day in DAYS.items()
        for target, outcome in CELLS
        for move in [moves.get(outcome, 0.0) if horizon == 3 and model in (MODEL_MIXTURE, MODEL_M1) else 0.0]
    ]
    made = PathAnswer(
        holds=(HOLD,),
        table=pd.DataFrame(rows, columns=list(TABLE)),
        first_year=2028,
        status=Status.GOOD,
        pareto_k=0.3,
        ess=3000.0,
        agreeing=0.714,
        learning={"C11": "prior-driven"},
        listening=0.45,
    )
    return replace(made, **changes)


MOVED = answer({"deeper": -0.0412, "transactional": 0.0312, "strain": 0.01})


@pytest.fixture(scope="module")
def drivers(evidence: Evidence) -> HeldDrivers:
    return HeldDrivers.of(evidence)


def test_what_is_held_is_told_in_its_own_units_beside_today(drivers: HeldDrivers) -> None:
    told = words.hold_sentence(drivers, HOLD)
    assert told.endswith("held at its mean of 1992–2020, −2.47, from 2027 on (now −3.03, carried from 2023).")
    test = words.hold_sentence(drivers, Hold(claim="C06", level="yes", start=2026))
    assert "held at yes, from 2026 on (now no)." in test
    assert test.endswith("they take it as two standard deviations.")
    assert "held as now, −3.03, carried from 2023, from 2028 on" in words.hold_sentence(
        drivers, Hold(claim="C11", level="today", start=2028)
    )


def test_the_answer_names_the_state_that_moves_most_and_both_chances() -> None:
    assert words.answer_sentence(MOVED, 3) == (
        "Deeper cooperation on 31 December 2028: 21 % if the driver is held there, by the model, against 25 % as "
        "published (−4.1 points)."
    )


def test_where_nothing_moves_the_reason_is_told() -> None:
    assert words.answer_sentence(MOVED, 2).startswith("On 31 December 2027 nothing moves. Drivers act a year later")
    assert words.answer_sentence(replace(MOVED, first_year=2027), 2).endswith(
        "The driver is held where it stands, or hardly counts."
    )
    assert words.answer_sentence(replace(MOVED, listening=0.0), 2).endswith(words.DEAF)
    assert words.answer_sentence(replace(MOVED, status=Status.POOR), 3) == words.POOR


@pytest.mark.parametrize(
    ("difference", "mcse", "text"),
    [
        (-0.0412, 0.0004, "−4.1 points"),
        (0.003, 0.0004, "+0.3 points"),
        (-0.0004, 0.0, "0 points"),
        (-0.0287, 0.0011, "−3.0 points"),
        (0.031, 0.004, "+3 points"),
    ],
)
def test_a_difference_is_told_as_finely_as_it_is_known(difference: float, mcse: float, text: str) -> None:
    assert words.difference_text(difference, mcse) == text


def test_what_it_rests_on_is_told_without_a_cause() -> None:
    titles = {"C11": "A thaw with Washington"}
    told = words.doubt_sentence(MOVED, titles)
    assert told == (
        "Nearly all of this is what was assumed, not what was seen: “A thaw with Washington” (prior-driven). In 71 % "
        "of the model’s draws the pair moves to the same side as on average."
    )
    assert words.doubt_sentence(replace(MOVED, learning={"C11": "data-driven"}), titles).startswith("Part of this")
    every = [told, words.LABEL, words.NOTHING_ELSE, words.answer_sentence(MOVED, 3), words.timing_sentence(MOVED)]
    for word in ("because", "leads to", "due to", "will ", "effect"):
        assert not [text for text in every if word in text], word


def test_the_part_of_the_mixture_that_cannot_move_is_told() -> None:
    assert words.listening_sentence(MOVED, SHARES) == (
        "Base rate (outside view) and Hidden regimes (sharp turns) read no driver and stay as they are: 55 % of the "
        "mixture cannot move."
    )
    assert "reads no driver and stays" in words.listening_sentence(MOVED, SHARES | {MODEL_M3: 0.0})
    assert words.listening_sentence(MOVED, {MODEL_M1: 1.0}) == "Every model of the mixture reads drivers."
    assert words.listening_sentence(replace(MOVED, listening=0.0), SHARES) == words.DEAF


def test_tables_say_what_the_sentence_says() -> None:
    table = path_table({"evidence alone": MOVED, "with the essay's reasons": MOVED})
    assert len(table) == 2 * len(DAYS) * len(CELLS)
    row = table[(table["On"] == "31 December 2028") & (table["Outcome"] == "Deeper cooperation")].iloc[0]
    assert (row["As published"], row["If held"], row["Difference"]) == ("25 %", "21 %", "−4.1 points")
    by_model = model_table(MOVED, TARGET_STATE, 3, "deeper")
    assert by_model["Difference"].tolist() == ["−4.1 points", "0 points", "−4.1 points", "0 points", "0 points"]


def test_every_driver_is_listed_with_what_it_may_be_held_at(drivers: HeldDrivers) -> None:
    listed = driver_list(drivers, {f"C{number:02}": "Title" for number in range(1, 15)})
    assert len(listed) == 12
    assert (listed["From"] <= listed["Now"]).all()
    assert (listed["Now"] <= listed["To"]).all()
    assert listed.loc[listed["Yes or no"], "Claim"].str[:3].tolist() == ["C04", "C06"]
