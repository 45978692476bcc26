"""Who runs what, and when: tests that share something costly go to one worker, and start first."""

import os
from collections.abc import Iterator
from functools import cache

import pytest
from xdist.scheduler import LoadGroupScheduling

from data.load import load_evidence
from data.types import Evidence
from tests.support.page.browser import address, browser, empty_page, new_page, visit, watch, windows
from tests.support.values.year_end import YEAR_END

__all__ = ["address", "browser", "empty_page", "new_page", "visit", "watch", "windows"]

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""For the workers and all that they start: threads which wait for each other on busy cores cost twice the time."""
os.environ.pop("CONJUNCTION_RECORD", None)
"""A developer's own record is none of the tests' business."""


class FilesAndGroups(LoadGroupScheduling):
    """Whole files go to a worker; only the tests of an ``xdist_group`` leave theirs for the group's worker."""

    def _split_scope(self, nodeid: str) -> str:
        group = super()._split_scope(nodeid)
        return nodeid.partition("::")[0] if group == nodeid else group


@pytest.hookimpl(optionalhook=True)  # there may be no xdist: -p no:xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FilesAndGroups | None:
    """Take the place of ``--dist loadgroup``, which would scatter all tests that belong to no group."""
    return FilesAndGroups(config, log) if config.getvalue("dist") == "loadgroup" else None


COMPILED = {"compiled_model", "scoringrules"}
"""Fixtures that take seconds of a worker: the model, and a library that compiles while it is imported."""


def group_of(item: pytest.Item) -> str | None:
    """What a test shares: a server and a Chromium, or the model whose compilation is the suite's longest wait."""
    if mark := item.get_closest_marker("xdist_group"):
        return str(mark.args[0])
    if item.get_closest_marker("browser"):
        return "browser"
    return "compiled" if COMPILED & set(getattr(item, "fixturenames", ())) else None


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in a hook of this name
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    groups = {item: group_of(item) for item in items}
    for item, group in groups.items():
        if group:
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: (groups[item] is None, groups[item] or ""))  # stable: the rest keeps its order


@pytest.fixture(scope="session")
def real_evidence() -> Evidence:
    """What is committed, read once a worker."""
    return load_evidence(YEAR_END)


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    """The same under the name that a module may give to evidence of its own."""
    return load_evidence(YEAR_END)


@pytest.fixture(scope="session", autouse=True)
def _installed_components() -> Iterator[None]:
    """Streamlit looks through all installed packages for components whenever AppTest runs a page; once will do."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield
