"""The command line as a whole: it teaches itself, refuses wrong calls, and needs no sampler to read."""

import subprocess
import sys

import pytest

from data.load import load_evidence
from models.__main__ import main
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions
from tests.support.values.year_end import YEAR_END

COMMANDS = (
    (),
    ("forecast",),
    ("fit",),
    ("resolve",),
    ("evidence", "check"),
    ("snapshot", "export"),
    ("snapshot", "show"),
    ("snapshot", "compare"),
    ("benchmark",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "top")
def test_every_command_teaches_itself(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([*command, "--help"])
    text = capsys.readouterr().out
    assert caught.value.code == 0
    assert "usage: python -m models" in text
    if command in ((), ("forecast",), ("fit",), ("resolve",), ("snapshot", "export")):
        assert text.count("python -m models") >= 4, "examples"
    if command:
        assert "--json" in text


def test_the_knobs_are_listed_with_bounds(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["forecast", "--knobs"])
    lines = capsys.readouterr().out.splitlines()
    defaults = Assumptions.defaults(load_evidence(YEAR_END).claims)
    for key, knob in defaults.knobs.items():
        assert any(line.startswith(f"{key} ") and knob.label in line and f"{knob.high:g}" in line for line in lines)
    assert sum(line.startswith("--preset ") for line in lines) == len(presets(defaults.knobs))


@pytest.mark.parametrize("arguments", [[], ["forcast"], ["snapshot"], ["fit"], ["fit", "--out", "x", "--draws", "few"]])
def test_a_wrong_call_is_refused_with_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_reader_that_has_enough_is_no_error() -> None:
    command = f"{sys.executable} -m models resolve | head -n 1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1950")
