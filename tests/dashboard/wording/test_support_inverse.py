"""What the page says of a goal: what is asked, what it would take, and what nothing can do."""

from datetime import date

import pytest

from dashboard.wording.support import (
    alone_sentence,
    joint_sentence,
    moves_table,
    now_sentence,
    question,
    there_sentence,
    use_label,
)
from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.inverse.goal import Goal
from models.inverse.search import Alone, Move, Shift
from tests.support.values.year_end import YEAR_END

DAY = date(2025, 12, 31)
GOAL = Goal.asked("rupture", 2029, 0.15, DAY, ever=True)
FAR = Move(key="rupture_hazard", start=0.024, end=0.1, sds=1.55, alone=0.0897)
NEAR = Move(key="C13", start=2.2, end=3.0, sds=0.5, alone=0.0612)


@pytest.fixture(scope="module")
def start():
    return Assumptions.defaults(load_evidence(YEAR_END).claims)


def shift(start, *moves: Move, reached: bool = True, sds: float = 1.4) -> Shift:
    return Shift(
        keys=("C13", "rupture_hazard"),
        assumptions=start.replace({move.key: move.end for move in moves}),
        moves=moves,
        sds=sds,
        probability=0.1502 if reached else 0.1237,
        reached=reached,
        status="good",
    )


def test_the_question_names_outcome_day_and_chance():
    what = "rupture at least once by 31 December 2029"
    assert question(GOAL, DAY) == f"What would it take for {what} to reach 15.0 %?"
    now = now_sentence(GOAL, DAY, 0.0583)
    assert now.startswith(f"Now the chance of {what} is 5.8 %.")
    assert ("every year-end until then" in now) == GOAL.ever
    assert there_sentence(GOAL, DAY, 0.1499).startswith("Already there")
    on_day = Goal.asked("transactional", 2030, 0.6, DAY)
    assert "transactional status quo on 31 December 2030 to reach 60.0 %" in question(on_day, DAY)


def test_answers_say_what_moves_and_what_cannot(start):
    one, none = shift(start, FAR, sds=1.55), shift(start, FAR, reached=False, sds=1.55)
    told = alone_sentence(Alone(shifts=(one,), able=2, of=20), GOAL, start.knobs)
    assert told.startswith(
        "2 of 20 assumptions can do it alone. The least move: Base rate of rupture 0.024 → 0.100, 1.6 sd"
    )
    told = alone_sentence(Alone(shifts=(none,), able=0, of=20), GOAL, start.knobs)
    assert told.startswith("No single assumption reaches 15.0 % inside its range. The nearest is 12.4 %")
    assert "1.4 sd in all, which gives 15.0 % (computed reliably)" in joint_sentence(shift(start, FAR, NEAR), GOAL)
    assert "do not reach 15.0 %" in joint_sentence(shift(start, FAR, NEAR, reached=False), GOAL)


def test_every_move_is_a_row(start):
    both = shift(start, FAR, NEAR)
    table = moves_table((both,), start.knobs)
    assert table.iloc[0].tolist() == ["Base rate of rupture", "0.024", "0.100", "1.6 sd up", "9.0 %"]
    assert len(table) == 2
    assert use_label(both, start.knobs) == "Use all these moves"
    assert use_label(shift(start, FAR), start.knobs) == "Use “Base rate of rupture”"
