"""Order of the suite: the files that wait longest, for a browser and a compiler, start first."""

import pytest

LONGEST = ("test_browser.py", "test_browser_record.py", "test_fit.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)  # stable: the rest keeps its order


@pytest.fixture(autouse=True)
def _nobodys_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own record is none of the tests' business."""
    monkeypatch.delenv("CONJUNCTION_RECORD", raising=False)
