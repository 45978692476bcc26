"""The chart of a chance over time compiles, and draws what was foreseen unlike what was drawn after the fact."""

from datetime import UTC, date, datetime

import pytest
import vl_convert

from dashboard.figures.colours import HINDCAST_COLOUR
from dashboard.figures.course import course_chart
from dashboard.wording.saved.course import AFTERWARDS, HERE, PROJECTS
from models.record.entries import HINDCAST
from models.track.course import course
from tests.support.values.saved import saved

DAY = date(2028, 12, 31)


@pytest.fixture(scope="module")
def spec():
    """Two of the project, one of the reader's, one hindcast."""
    ours = [saved(n, 2025, (0.1 * n, 0.2, 0.7 - 0.1 * n, 0.1), saved_at=at) for n, at in enumerate(_moments(), 1)]
    late = saved(4, 2025, (0.9, 0.1, 0.0, 0.0), saved_at=datetime(2026, 5, 1, tzinfo=UTC), kind=HINDCAST)
    return course_chart(course({"project": ours[:2], "own": (ours[2], late)}, "rupture", DAY), "rupture", DAY)


def _moments():
    return [datetime(2026, month, 1, 0, 30, tzinfo=UTC) for month in (2, 3, 4)]


def test_it_compiles_with_every_point_at_its_day(spec):
    vl_convert.vegalite_to_svg(spec)
    rows = spec["datasets"]["rows"]
    assert [(row["kind"], row["value"]) for row in rows] == [
        (PROJECTS, 0.1), (PROJECTS, 0.2), (HERE, pytest.approx(0.3)), (AFTERWARDS, 0.9),
    ]  # fmt: skip
    days = [datetime.fromtimestamp(row["at"] / 1000, UTC).date() for row in rows]
    assert days == [date(2026, month, 1) for month in (2, 3, 4, 5)]
    low, high = (row["at"] for row in spec["datasets"]["span"])
    assert low < min(row["at"] for row in rows) < max(row["at"] for row in rows) < high


def test_a_hindcast_is_hollow_of_its_own_shape_and_colour_and_no_line_runs_through_it(spec):
    line, points = spec["layer"][:2]
    assert PROJECTS in line["transform"][0]["filter"]
    assert line["mark"]["type"] == "line"
    look = {
        channel: dict(zip(one["scale"]["domain"], one["scale"]["range"], strict=True))
        for channel, one in points["encoding"].items()
        if channel in ("fill", "stroke", "shape")
    }
    assert look["fill"][AFTERWARDS] == "transparent"
    assert look["stroke"][AFTERWARDS] == HINDCAST_COLOUR
    for channel in look.values():
        assert len(set(channel.values())) == 3
