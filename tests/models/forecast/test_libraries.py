"""The committed library answers wherever it can; another only where it cannot and the other can do better."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from models.forecast.libraries import best_forecast
from models.weighting.status import Status

type Answers = dict[str, tuple[str, float]]


def chosen(answers: Answers) -> str:
    """Name of the library whose forecast is taken."""
    made = {
        name: SimpleNamespace(name=name, status=Status(status), weights=SimpleNamespace(ess=ess))
        for name, (status, ess) in answers.items()
    }
    return best_forecast(answers, made.__getitem__).name


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"committed": ("good", 100), "local": ("exact", 900)}, "committed"),
        ({"committed": ("fair", 900), "local": ("good", 100)}, "local"),
        ({"committed": ("fair", 100), "local": ("fair", 101)}, "local"),
        ({"committed": ("fair", 100), "local": ("fair", 100)}, "committed"),
        ({"committed": ("fair", 100), "local": ("poor", 900)}, "committed"),
        ({"committed": ("poor", 1)}, "committed"),
    ],
)
def test_the_first_that_answers_well_is_taken_else_the_best(answers: Answers, expected: str) -> None:
    assert chosen(answers) == expected


def test_no_library_is_looked_for_that_is_not_needed() -> None:
    def libraries() -> Iterator[str]:
        yield "committed"
        raise AssertionError("the local library was opened")

    forecast = best_forecast(
        libraries(), lambda _: SimpleNamespace(status=Status.GOOD, weights=SimpleNamespace(ess=1.0))
    )
    assert forecast.status is Status.GOOD
