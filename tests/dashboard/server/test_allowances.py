"""How often something may be done: by one, and by all together, each visitor fairly until then."""

import pytest

from dashboard.server import allowances
from dashboard.server.allowances import Allowance, spend, spent

FEW = Allowance(each="2 per 10 minutes", together="3 per 10 minutes")


@pytest.fixture(autouse=True)
def _anew():
    allowances.forget()
    yield
    allowances.forget()


def test_one_visitor_and_all_together_are_held():
    assert [spend("save", FEW, "ada") for _ in range(2)] == ["", ""]
    assert "One visitor may do this 2 times in 10 minutes. Try again in" in spend("save", FEW, "ada")
    assert spend("save", FEW, "bea") == ""
    assert "All visitors together" in spend("save", FEW, "cyd")
    assert spend("remark", FEW, "ada") == ""


def test_who_was_refused_has_used_nothing_up():
    for _ in range(5):
        spend("save", FEW, "ada")
    assert spend("save", FEW, "bea") == ""


def test_asking_is_not_using():
    assert [spent("save", FEW, "ada") for _ in range(5)] == [""] * 5
