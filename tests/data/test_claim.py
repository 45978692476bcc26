"""Claims carry a strength that can be used and a place that can be found."""

from dataclasses import replace

import pytest

from data.claim import Claim
from data.errors import EvidenceError

CLAIM = Claim(
    id="C10",
    paragraph="1;12;14",
    side="rupture",
    mechanism="jeopardised_interests",
    direction=-1,
    strength="modest",
    odds_ratio=1.4,
    p_sign=0.9,
    text="Russia endangers Chinese satellites.",
    indicators=("onorbit_stock_world.debris",),
    title="Endangered assets",
)


def test_paragraphs_are_numbers():
    assert CLAIM.paragraphs == (1, 12, 14)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"id": "10"}, "id"),
        ({"paragraph": "twelve"}, "paragraph"),
        ({"side": "neither"}, "side"),
        ({"mechanism": "other"}, "mechanism"),
        ({"direction": 2}, "direction"),
        ({"strength": "huge"}, "strength"),
        ({"odds_ratio": 0.7}, "odds_ratio"),
        ({"odds_ratio": float("nan")}, "odds_ratio"),
        ({"odds_ratio": 21.0}, "odds_ratio"),
        ({"p_sign": 0.4}, "p_sign"),
        ({"p_sign": 1.0}, "p_sign"),
        ({"text": ""}, "claim"),
        ({"title": ""}, "title"),
    ],
)
def test_a_claim_that_cannot_be_used_is_refused_by_column(changes, column):
    with pytest.raises(EvidenceError, match=f"column '{column}'"):
        replace(CLAIM, **changes)
