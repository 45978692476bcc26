"""Sections of the Checks page that rest on archives: there, of another version, and not there."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import checks as archive
from dashboard.cache import forecasts as cache
from models.library.structures import STRUCTURE_DIGESTS
from models.outcome.rule import RULE
from models.verdicts.studies import BACKTEST, MID_YEAR, SENSITIVITY, SIGNPOSTS, Version
from tests.support.values.studies import write


def forecast_section() -> None:
    from dashboard.checks import forecast
    from dashboard.checks.frame import heading, show_card

    show_card(forecast.answer(), heading("forecast"))
    forecast.show()


def change_section() -> None:
    from dashboard.checks import change
    from dashboard.checks.frame import heading, show_card

    show_card(change.answer(), heading("change"))
    change.show()


def sampler_and_change_unfolded() -> None:
    import streamlit as st

    from dashboard.checks import change, sampler
    from dashboard.checks.frame import tests

    for name, section in (("sampler", sampler), ("change", change)):
        st.session_state[f"checks:answer:{name}"] = True
        tests(name, section.answer(), section.show)


@pytest.fixture
def archives(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "ARCHIVES", tmp_path)
    return tmp_path


def version(**other: str) -> Version:
    return Version(**({"evidence": cache.evidence().digest, "rule": RULE.digest} | other), structures=STRUCTURE_DIGESTS)


def ran(section) -> AppTest:
    app = AppTest.from_function(section, default_timeout=60).run()
    assert not app.exception, app.exception
    return app


def told(app: AppTest) -> str:
    return " ".join(one.value for one in (*app.markdown, *app.caption))


def test_hindcasts_are_shown_as_such_and_the_horizon_can_be_chosen(archives):
    write(BACKTEST, archives, version())
    for study in (MID_YEAR, SIGNPOSTS):
        write(study, archives, version())
    app = ran(forecast_section)
    assert not app.warning
    assert "half a year’s rows made it better" in told(app)
    assert "came nearer to what happened than" in told(app)
    assert "changed no chance" in told(app)
    assert "in 80\N{NO-BREAK SPACE}% of years inside the 80\N{NO-BREAK SPACE}% range" in told(app)
    assert "All horizons" in told(app)
    assert "Hindcast, not a forecast" in told(app)
    app.segmented_control(key="checks:horizon").set_value(5)
    app.segmented_control(key="checks:score").set_value("log")
    app.run()
    assert not app.exception
    assert "5 years ahead, by the log score" in told(app)


@pytest.mark.usefixtures("archives")
@pytest.mark.parametrize("section", [forecast_section, change_section])
def test_without_an_archive_the_answer_is_not_tested_and_the_command_is_told(section):
    app = ran(section)
    assert any("Not tested for this version" in one.value for one in app.markdown)
    assert "python -m models" in app.warning[0].value


def test_an_archive_of_other_evidence_shows_no_numbers(archives):
    write(SENSITIVITY, archives, version(evidence="older"))
    app = ran(change_section)
    assert "of another version" in app.warning[0].value
    assert "python -m models sensitivity" in app.warning[0].value
    assert "Claim C12" not in told(app)


def test_what_would_change_it_names_the_pieces(archives):
    write(SENSITIVITY, archives, version())
    app = ran(change_section)
    assert "Claim C12" in told(app)
    assert len(app.dataframe[0].value) == 3


def test_tests_are_built_when_they_are_unfolded(archives):
    write(SENSITIVITY, archives, version())
    app = ran(sampler_and_change_unfolded)
    assert "acceptance checks passed" in " ".join(one.value for one in app.success)
    assert "Ten copies of one indicator" in told(app)
    assert "### Stored fits" in [one.value for one in app.markdown]
