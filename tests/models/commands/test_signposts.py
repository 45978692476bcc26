"""`signposts`: the page's table, in words, as CSV and as JSON."""

import json
from collections.abc import Callable

import pytest

from models.__main__ import main
from models.change.signposts import signpost_moves
from models.commands.actions.compare import signpost_lines
from models.commands.options.context import Context
from models.commands.snapshot import page_text
from models.signposts.pins import read_act, read_pin
from models.signposts.table import SignpostTable
from models.storage.safe_csv import safe_csv
from tests.support.programs.commands import failed
from tests.support.values.asked import asked_snapshot, small_library, small_question
from tests.support.values.year_end import YEAR_END

AS_OF = ["--as-of", str(YEAR_END)]


CONTEXT = Context(library=lambda _: small_library()[1])


@pytest.fixture(scope="module")
def run() -> Callable[..., int]:
    return lambda *more: main(["signposts", *AS_OF, *more], CONTEXT)


def test_json_and_csv_are_the_table(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    pins, acts = (read_pin("S02=yes"), read_pin("transactional@2028")), (read_act("S09@2027"),)
    asked = SignpostTable.of(small_question(), small_library()[0], (pins, acts), 2029)
    more = ["--given", "S02=yes", "--given", "transactional@2028", "--do", "S09@2027", "--value", "2029"]
    assert run(*more, "--json") == 0
    assert json.loads(capsys.readouterr().out) == asked.document
    assert run(*more, "--csv") == 0
    assert capsys.readouterr().out.encode() == safe_csv(asked.table)


def test_words_tell_chance_pins_badge_and_both_forecasts(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = SignpostTable.of(small_question(), small_library()[0], ((read_pin("S02=yes"),), ()))
    assert run("--given", "S02=yes") == 0
    lines = capsys.readouterr().out.splitlines()
    row = asked.table.set_index("id").loc["S01"]
    told = next(line for line in lines if line.startswith("S01"))
    assert f"{100 * row['chance']:.0f} % [{100 * row['low']:.0f}-{100 * row['high']:.0f}]" in told
    assert f"{100 * row['given']:.0f} %" in told
    assert told.endswith(row["question"])
    assert any(
        line.startswith(f"Observed: S02=yes; chance of that: {100 * asked.answer.chance:.0f} %") for line in lines
    )
    assert any(line.startswith(f"Reliability: {asked.answer.status}") for line in lines)
    assert any("→" in line for line in lines if line.startswith("deeper"))


@pytest.mark.parametrize(
    ("more", "expected"),
    [(("--given", "S02=maybe"), "S03=yes"), (("--given", "S99=yes"), "S99"), (("--value", "2090"), "2090")],
)
def test_what_cannot_be_asked_is_told(capsys: pytest.CaptureFixture[str], more: tuple[str, ...], expected: str) -> None:
    assert expected in failed(capsys, ["signposts", *AS_OF, *more], CONTEXT)


def test_a_snapshot_is_shown_and_compared_with_what_it_says_of_signposts() -> None:
    snapshot, moved = asked_snapshot(), asked_snapshot({"C01": 1.8})
    text, first = page_text(snapshot), snapshot.signposts.chances[0]
    assert f"{first.deadline}  {first.id:4} {100 * first.chance:5.1f} %" in text
    assert "observed S02=yes, transactional@2027 (chance" in text
    assert "made to happen: S09@2027" in text
    moves = signpost_moves(snapshot, moved)
    lines = signpost_lines(moves)
    assert lines[1].startswith("Signposts and what-ifs that moved most")
    largest = moves.loc[moves["difference"].abs().idxmax()]
    assert largest["question"] in lines[2]
    assert signpost_lines(signpost_moves(snapshot, snapshot)) == []
