"""Who runs what, and when: tests that share something costly go to one worker, and what takes longest starts first."""

import os

import pytest
from xdist.scheduler import LoadGroupScheduling

from tests.browser import address, browser, visit

__all__ = ["address", "browser", "visit"]

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""For the workers and all that they start: threads which wait for each other on busy cores cost twice the time."""
LONGEST = ("test_browser.py", "test_browser_record.py", "test_fit.py")


class FilesAndGroups(LoadGroupScheduling):
    """Whole files go to a worker; only the tests of an ``xdist_group`` leave theirs for the group's worker."""

    def _split_scope(self, nodeid: str) -> str:
        group = super()._split_scope(nodeid)
        return nodeid.partition("::")[0] if group == nodeid else group


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FilesAndGroups | None:
    """Take the place of ``--dist loadgroup``, which would scatter all tests that belong to no group."""
    return FilesAndGroups(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)  # stable: the rest keeps its order
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))  # one server, one Chromium


@pytest.fixture(autouse=True)
def _nobodys_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own record is none of the tests' business."""
    monkeypatch.delenv("CONJUNCTION_RECORD", raising=False)
