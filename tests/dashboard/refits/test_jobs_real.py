"""The whole chain with the real worker: start, watch, cancel, ask again, load the result."""

import time
from pathlib import Path

import pytest

from dashboard.refits.jobs import Refits
from models.fits.alignment_fit import load_fit
from models.refits.check import answers, largest_difference, limit
from models.refits.queue import ENDED, Queue
from tests.support.page.watched import Watch, listening
from tests.support.programs.fake_worker import alive

MOST_SECONDS = 600.0
"""A cold compilation on a busy machine takes two minutes."""


def until(condition) -> float:
    """Wait until something holds and return the seconds it took."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() < start + MOST_SECONDS, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - start


@pytest.mark.slow
@pytest.mark.timeout(3 * MOST_SECONDS)
def test_real_worker_from_the_first_request_to_a_result_that_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(tmp_path)
    for name, value in watch.environment.items():
        monkeypatch.setenv(name, value)
    runner = Refits(tmp_path)
    try:
        first = runner.start("a" * 64, {"C13": 4.0})
        until(lambda: 0.05 < runner.status(first.id).done < 0.9)
        running = runner.status(first.id)
        assert running.message.startswith("Sampling:")
        assert watch.process("-m models worker") == running.pid
        assert listening(running.pid) == []
        assert runner.cancel(first.id).state == "cancelled"
        assert until(lambda: Queue(tmp_path).job(first.id).phase == ENDED) < 1.0, "the promise of a cancel"
        second = runner.start("b" * 64, {"C01": 1.6})
        until(lambda: not runner.status(second.id).live)
        ended = runner.status(second.id)
        assert (ended.state, ended.message) == ("done", "The refit is ready.")
        assert ended.pid == running.pid, "compiled once"
        assert watch.outside() == []
        fit = load_fit(runner.result("b" * 64))
        assert fit.diagnostics.passed
        assert fit.assumptions_values["C01"] == 1.6
        assert runner.result("a" * 64) is None
        third = runner.start("c" * 64, {"C01": 1.6}, expected=answers(fit))
        until(lambda: not runner.status(third.id).live)
        assert runner.status(third.id).message == "The refit is ready.", "an honest refit raises no alarm"
        again = answers(load_fit(runner.result("c" * 64)))
        assert 0 < largest_difference(answers(fit), again).ratio < limit(30), "other seeds, other draws, same answer"
    finally:
        runner.close()
    assert not alive(running.pid)
