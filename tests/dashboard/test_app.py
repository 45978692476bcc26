"""The whole app under AppTest: what a reader does, on the committed fit, and what happens when something is missing."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import forecasts as cache
from dashboard.cache import reasons as reach
from dashboard.frame import selectors
from dashboard.refits.jobs import Refits
from dashboard.wording.forecast import outlook
from dashboard.wording.labels import STATE_SHORT
from data.days import horizons_from
from data.unused import LATER, Unused
from models.assumptions.setting import Assumptions
from models.errors import MissingFitError
from models.names import TARGET_STATE, Scenario
from models.storage.home import HOME_VARIABLE
from tests.support.page.app import opened, ran, shown, texts
from tests.support.page.widgets import widget
from tests.support.programs.fake_worker import fake_command

PAGES = ("forecast", "assumptions", "evidence", "record", "checks", "method")
WAIT_SECONDS = 20.0
"""Far above the second that the stand-in worker needs: reached only when something hangs."""


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """Keep refits out of the user's folder and away from the sampler."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    runner = Refits(tmp_path / "home", fake_command("wait"))
    monkeypatch.setattr(cache, "refits", lambda: runner)
    yield
    runner.close()


def turned(app: AppTest, page: str) -> AppTest:
    """Go to another page."""
    app.switch_page(f"app_pages/{page}.py")
    return ran(app)


def warnings(app: AppTest) -> str:
    """All warnings of the page."""
    return " ".join(element.value for element in app.warning)


def test_every_page_opens_and_the_setting_travels():
    app = opened(C01="1.7", years="2")
    assert not app.error
    for page in PAGES:
        turned(app, page)
        assert app.title[0].value == page.capitalize()
        assert not app.error
        assert app.query_params == {"C01": "1.70", "year": "2027", "edition": "2"}
    turned(app, "forecast")
    assert widget(app.slider, "slider:C01").value == 1.7


def test_a_move_changes_the_headline_and_undo_brings_it_back():
    app = opened()
    before = shown(app)
    assert len(before) == 4
    widget(app.slider, "slider:outside_view_weight").set_value(1.0)
    ran(app)
    moved = shown(app)
    assert moved != before
    assert all(metric.delta for metric in app.metric[:4])
    app.button(key="undo").click()
    assert shown(ran(app)) == before
    app.button(key="redo").click()
    assert shown(ran(app)) == moved


def test_headline_is_the_table_rounded():
    app = opened(year="2029")
    forecast = cache.forecast(app.session_state["account"].setting)
    ahead = 2029 - forecast.reference_date.year
    for state, label in ((Scenario.DEEPER, "Deeper"), (Scenario.TRANSACTIONAL, "Transactional")):
        probability = forecast.probability(TARGET_STATE, ahead, state.value)
        assert shown(app)[label] == f"{100 * probability:.0f} %"


@pytest.mark.slow
def test_every_preset_and_every_end_of_a_slider_draws():
    app = opened()
    for preset in ("outside_view", "sceptic", "believer", "history_repeats", "essay"):
        widget(app.selectbox, "preset").select(preset)
        assert len(ran(app).slider) == 24
    for key, knob in app.session_state["account"].setting.knobs.items():
        widget(app.slider, f"slider:{key}").set_value(
            knob.low if key < "C07" or key == "outside_view_weight" else knob.high
        )
        if key in ("C06", "C14", "volatility"):
            ran(app)
    ran(app)
    doubtful = cache.forecast(app.session_state["account"].setting).status == "poor"
    assert doubtful == ("has no numbers yet" in texts(app))
    app.button(key="reset").click()
    assert len(ran(app).metric) == 8


def beside(app: AppTest) -> dict[str, str]:
    """Chance of each state by the answer beside the one in force."""
    return {metric.label: metric.value for metric in app.metric[4:]}


def test_two_answers_share_the_moves_and_change_places():
    app = opened(C12="1.9")
    first, second = shown(app), beside(app)
    assert (first, second) == tuple(as_shown({"C12": 1.9, "driver_strength": at}) for at in (0.1, 0.4))
    assert "With the reasons of Hines’s essay" in texts(app)
    app.button(key="use-essay").click()
    ran(app)
    assert (shown(app), beside(app)) == (second, first)
    assert widget(app.slider, "slider:C12").value == 1.9
    for page in ("assumptions", "forecast"):
        turned(app, page)
    assert shown(app) == second
    app.button(key="undo").click()
    assert shown(ran(app)) == first


def as_shown(values: dict[str, float]) -> dict[str, str]:
    """What a setting gives at the third year-end."""
    defaults = Assumptions.defaults(cache.evidence().claims)
    forecast = cache.forecast(defaults.replace(values))
    third = horizons_from(forecast.reference_date)[2]
    return {STATE_SHORT[one.outcome]: one.chance.percent for one in reversed(outlook(forecast.table, third))}


def test_the_page_says_when_the_reasons_cannot_matter():
    app = opened(alignment_weight="0", ordered_weight="0")
    assert shown(app) == beside(app)
    assert "No model that reads the essay’s reasons has a weight" in texts(app)


def test_an_idle_claim_says_so_below_its_slider_and_offers_the_essays_strength(monkeypatch):
    monkeypatch.setattr(reach, "reach", lambda *asked: 0.001 if asked[-1] == "C01" else 0.2)
    app = opened()
    assert "it moves no chance by a point" in texts(app)
    assert not [button for button in app.button if button.key == "use-essay:C02"]
    app.button(key="use-essay:C01").click()
    assert widget(ran(app).slider, "slider:driver_strength").value == 0.4
    assert not [button for button in app.button if (button.key or "").startswith("use-essay:")]


def test_the_years_own_mean_and_the_days_are_told():
    app = opened(as_of="2025-12-31")
    app.session_state["more"] = True
    told = texts(ran(app))
    assert "This year, 2026: mean intensity" in told
    assert "of the tone that decides it is on the books" in told
    assert "searched up to 30 June 2026, 5 months ago; forecasts look ahead from 31 December 2025" in told
    assert "acts after 31 December 2025 are on the Evidence page" in told


def test_horizon_and_group_are_in_the_link():
    app = turned(opened(C01="1.7", years="3"), "assumptions")  # whose effects another test has computed already
    widget(app.segmented_control, "years:2026").set_value(2030)
    widget(app.segmented_control, "group").set_value("weight")
    ran(app)
    assert app.query_params == {"C01": "1.70", "year": "2030", "group": "weight", "edition": "2"}
    knobs = app.session_state["account"].setting.knobs.values()
    typed = [box.key for box in app.number_input if box.key.startswith("typed:")]
    assert typed == [f"typed:{knob.key}" for knob in knobs if knob.group == "weight"]


def test_malformed_link_is_told_and_the_page_stands():
    app = opened(C01="99", C02="abc", years="7", **{"![x](http://a.example/b)": "1"})
    told = warnings(app)
    for part in (
        "3\\.35 is used",
        "“abc” is not a number",
        "“7” is not a number of years",
        "is not a knob",
    ):
        assert part in told
    assert "`“![x](http://a.example/b)”`" in told  # as code, in which nothing acts
    widget(app.slider, "slider:C01").set_value(1.6)
    assert "abc" not in warnings(ran(app))


def test_every_page_tells_rows_that_lie_after_the_last_day(monkeypatch):
    later = Unused(file="events.csv", row=313, name="E2026-09-01-row", day=date(2026, 9, 1), reason=LATER)
    monkeypatch.setattr(cache, "unused", lambda: (later,))
    app = opened()
    for page in ("forecast", "evidence", "track_record"):
        told = warnings(turned(app, page)).replace("\\", "")
        assert "events.csv, row 313 (E2026-09-01-row, 2026-09-01)" in told
        assert "python -m models evidence update --searched-until 2026-09-01" in told
    monkeypatch.undo()
    assert "evidence update" not in warnings(turned(app, "method"))


def test_ledger_can_be_searched():
    app = turned(opened(), "evidence")
    everything = len(app.dataframe[0].value)
    app.text_input(key="ledger:text").set_value("Zhenbao 1969")
    found = ran(app).dataframe[0].value
    assert 0 < len(found) < everything
    app.text_input(key="ledger:text").set_value("")
    app.multiselect(key="ledger:label").set_value(["unverified"])
    doubtful = ran(app).dataframe[0].value
    assert set(doubtful["Source seen"]) == {"unverified"}
    app.text_input(key="ledger:text").set_value("no such words at all")
    assert ran(app).dataframe[0].value.empty


def test_a_chosen_row_shows_both_codings_and_its_second_source(monkeypatch):
    monkeypatch.setattr(selectors, "table_row", lambda table, _: list(table["Row"]).index("E1950-02-14-alliance"))
    told = " ".join(element.value for element in turned(opened(), "evidence").caption).replace("\\", "")
    assert "First reading: +9, cooperative, Diplomacy, balancing us. Second reading, blind to the" in told
    assert "Second source: [Conclusion of the Sino-Soviet Treaty" in told


def test_the_agreement_of_both_readings_is_shown():
    app = opened()
    app.session_state["evidence"] = "Agreement"
    turned(app, "evidence")
    assert not app.error
    alphas = next(
        one.value for one in app.dataframe if "Intensity" in one.value.columns and "Rows" in one.value.columns
    )
    assert list(alphas.iloc[0][["Rows", "How many"]]) == ["All rows", 906]
    assert alphas.iloc[0]["Intensity"].startswith("0.97 (")
    assert "cannot be measured from this ledger" in " ".join(element.value for element in app.caption)


def test_missing_base_case_says_how_to_rebuild_and_the_rest_works(monkeypatch):
    def missing():
        raise MissingFitError("no library.json in anchor_library/, expected a library")

    monkeypatch.setattr(cache, "library", missing)
    app = opened()
    assert "There is no forecast to show" in app.error[0].value
    assert "python -m models library fit --as-of 2026-10-08" in " ".join(element.value for element in app.markdown)
    for page in ("evidence", "method"):
        assert not turned(app, page).error
    assert turned(app, "checks").error
    monkeypatch.undo()
    assert not turned(app, "forecast").error


def test_unknown_refit_in_a_link_is_said_to_be_unknown():
    app = opened(refit="0123456789ab")
    assert "not known here" in texts(app)
