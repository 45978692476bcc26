"""Order of the suite: the two files that wait longest, for a browser and a compiler, start first, one per worker."""

import pytest

LONGEST = ("test_browser.py", "test_fit.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)  # stable: the rest keeps its order
