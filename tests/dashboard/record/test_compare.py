"""The comparison as the page renders it: other views without an exception, and a refusal in words."""

from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.values.change_sides import side


def page() -> None:
    """What the test's session holds, compared."""
    import streamlit as st

    from dashboard.record import compare

    compare.show(*st.session_state["sides"])


def run(old: object, new: object) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["sides"] = (old, new)
    return app.run()


def markdown(app: AppTest) -> str:
    return "\n".join(one.value for one in app.markdown)


@pytest.fixture
def app() -> AppTest:
    return run(side("2023"), side("2023", {"C01": 2.5, "outside_view_weight": 0.9}))


def test_a_change_is_told_drawn_and_listed_in_both_views(app: AppTest) -> None:
    assert not app.exception
    assert "31 December 2026" in markdown(app)
    assert "changed assumptions" in markdown(app)
    assert "The one assumption that differs" in markdown(app)
    assert len(app.get("vega_lite_chart")) == 1
    assert [one.label for one in app.expander][-1].startswith("Everything that differs")
    by, day = app.segmented_control
    by.set_value("horizon").run()
    assert not app.exception
    assert "third year" in markdown(app)
    app.segmented_control[1].set_value("2024-12-31").run()
    assert "next year" in markdown(app)
    assert day.label == "Year-end"


def test_what_cannot_be_compared_is_refused_in_words() -> None:
    light = replace(side("2023"), evidence=None, library=None)
    early = replace(light, snapshot=replace(light.snapshot, reference_date=date(2012, 12, 31)))
    found = run(early, side("2023", {"C01": 2.5}))
    assert not found.exception
    assert "expected a year" in found.error[0].value
    assert "Everything that differs" in found.expander[0].label
