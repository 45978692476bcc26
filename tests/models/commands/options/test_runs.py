"""The time left that a long command tells."""

import pytest

from models.commands.options import runs
from models.commands.options.runs import RECENT, RunProgress


def test_the_time_left_follows_the_pace_of_late(monkeypatch: pytest.MonkeyPatch, capsys):
    clock = [0.0]
    monkeypatch.setattr(runs.time, "monotonic", lambda: clock[0])
    progress = RunProgress()
    for done in range(1, 101):  # quick ones first, then one a minute
        clock[0] += 0.0 if done <= 100 - RECENT else 60.0
        progress(done, 110, "Done.")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "1 of 110. Done. About 0 min left."
    assert lines[-1] == "100 of 110. Done. About 10 min left."
