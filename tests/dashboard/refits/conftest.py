"""Servers of refits on one folder."""

import pytest

from dashboard.refits.jobs import Refits
from tests.support.programs.fake_worker import fake_command


@pytest.fixture
def refits(tmp_path):
    """Make a server on the folder; those in this process are closed at the end of the test."""
    made = []

    def make(behaviour="fit", **letters) -> Refits:
        made.append(Refits(tmp_path, fake_command(behaviour, **letters), 60.0))
        return made[-1]

    yield make
    for runner in made:
        runner.close()
