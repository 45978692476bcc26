"""One driver held: read as it is written, refused where it says nothing."""

import pytest

from models.errors import AssumptionError
from models.paths.holds import Hold, require_apart


@pytest.mark.parametrize(
    ("text", "level", "start"),
    [
        ("C11=usual@2027", "usual", 2027),
        ("C11=-2.5", -2.5, 2026),
        (" C04=no@2028", "no", 2028),
        ("C01=+1.5sd", "+1.5sd", 2026),
    ],
)
def test_a_hold_is_read_and_written(text: str, level: float | str, start: int) -> None:
    hold = Hold.read(text, 2026)
    assert hold == Hold(claim=text.strip()[:3], level=level, start=start)
    assert Hold.read(hold.text, 1999) == hold


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("C11", "CLAIM=VALUE@YEAR"),
        ("C11=usual@27", "CLAIM=VALUE@YEAR"),
        ("C13=2@2027", "no other claim is measured"),
        ("c11=usual", "no other claim is measured"),
        ("C11=always@2027", "'always'"),
        ("C11=nan@2027", "'nan'"),
        ("C11=1e999", "'1e999'"),
        ("C11=12sd", "'12sd'"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, told: str) -> None:
    with pytest.raises(AssumptionError, match=told):
        Hold.read(text, 2026)


@pytest.mark.parametrize("text", ["x" * 5000, "C11=" + "x" * 5000, "x" * 5000 + "=1@2027"])
def test_a_message_repeats_little_of_what_cannot_be_read(text: str) -> None:
    with pytest.raises(AssumptionError) as told:
        Hold.read(text, 2026)
    assert len(str(told.value)) < 300


def test_holds_stand_in_one_order_and_each_driver_once() -> None:
    first, second = Hold(claim="C01", level="usual", start=2027), Hold(claim="C11", level="usual", start=2026)
    assert require_apart([second, first]) == require_apart([first, second]) == (first, second)
    with pytest.raises(AssumptionError, match="C11 held twice"):
        require_apart([second, first, Hold(claim="C11", level="today", start=2028)])
    with pytest.raises(AssumptionError, match="no driver to hold"):
        require_apart([])
