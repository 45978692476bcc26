"""`benchmark --visitors`: what is asked, and one line for every number of visitors."""

import json

import pytest

from models.__main__ import main
from models.benchmarks.crowd import Crowd
from models.commands.actions.load import COLUMNS, GROUP
from models.commands.options.context import Context

ASKED: list[Crowd] = []
DECLARED = {GROUP: {"page": lambda _, crowds, _report: [told(crowd) for crowd in crowds]}}


def told(crowd: Crowd) -> dict:
    ASKED.append(crowd)
    figures = {name: 1 if form == "d" else 1.0 for name, _, form in COLUMNS}
    more = {"fault": "too slow" if crowd.visitors > 1 else "", "engine_p95_ms": 56.0, "aim_p95_ms": 1600.0}
    return figures | more | {"visitors": crowd.visitors}


def test_every_number_of_visitors_has_a_line_and_a_fault_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    ASKED.clear()
    line = ["benchmark", "--visitors", "1,50", "--minutes", "0.5", "--left", "10", "--link", "/ask"]
    assert main(line, Context(declared=DECLARED.__getitem__)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in lines[1:3]] == ["1", "50"]
    assert "50 visitors, first fault: too slow" in lines
    assert lines[-1].endswith("p95 56 ms, so that the aim for 50 is 1600 ms.")
    crowds = [Crowd(visitors=count, seconds=30.0, left=600.0, link="/ask") for count in (1, 50)]
    assert crowds == ASKED
    assert main([*line, "--json"], Context(declared=DECLARED.__getitem__)) == 0
    assert [row["visitors"] for row in json.loads(capsys.readouterr().out)] == [1, 50]


def test_without_a_page_it_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", "--visitors", "1"], Context(declared=lambda _: {})) == 2
    assert "pip install -e ." in capsys.readouterr().err


@pytest.mark.parametrize("given", ["0", "1,", "501", "many"])
def test_numbers_of_visitors_are_checked(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["benchmark", "--visitors", given])
    assert "expected numbers from 1 to 500 such as 1,10,50" in capsys.readouterr().err
