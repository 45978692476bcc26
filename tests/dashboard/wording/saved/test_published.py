"""How saved forecasts are called where two are compared."""

from dashboard.wording.saved.published import compared_name
from models.published.owners import OWN, PROJECT
from models.record.entries import HINDCAST
from tests.support.values.saved import saved


def test_a_published_starting_view_is_called_so_and_bears_no_digest():
    name = compared_name(PROJECT, saved(1, 2025), "As of today")
    assert name.startswith("The starting view, as published on ")
    assert name.endswith("· As of today")


def test_any_other_forecast_keeps_its_own_name():
    moved = saved(1, 2025, changed=("C01",), reasons={"C01": "Because."})
    for other in (moved, saved(1, 2025, kind=HINDCAST)):
        assert compared_name(PROJECT, other, "Mine").startswith("The project’s · Mine · ")
    assert compared_name(OWN, saved(1, 2025), "Mine").startswith("Mine · ")
