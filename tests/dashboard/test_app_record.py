"""The record under AppTest: save, find again, say something about it, import, and what happens when it is not there."""

import re
import sqlite3

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import forecasts as cache
from dashboard.cache import store
from dashboard.forecast import exchange
from dashboard.refits.jobs import Refits
from data.digest import canonical_json
from data.load import load_evidence
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions
from models.record.entries import HINDCAST, Draft, SavedForecast
from models.record.store import Record
from models.snapshot.archive import snapshot_bytes
from models.snapshot.value import Snapshot
from models.storage.home import HOME_VARIABLE
from tests.support.page.app import APP
from tests.support.page.widgets import widget
from tests.support.programs.fake_worker import fake_command
from tests.support.values.factories import synthetic_library, synthetic_snapshot
from tests.support.values.year_end import YEAR_END

MARKUP = "# A *bold* [name](http://a.example) <b>"


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """Keep the record and refits out of the user's folder."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.delenv("CONJUNCTION_RECORD", raising=False)
    runner = Refits(home, fake_command("wait"))
    monkeypatch.setattr(cache, "refits", lambda: runner)
    store.forget()
    yield home
    runner.close()


@pytest.fixture(scope="module")
def moved() -> Snapshot:
    evidence = load_evidence(YEAR_END)
    return synthetic_snapshot(evidence, synthetic_library(evidence, samples=80), {"C01": 1.8}, {"C01": "sanctions"})


@pytest.fixture
def saved(moved) -> tuple[SavedForecast, ...]:
    """A live forecast, one that grew from it, and a hindcast."""
    with Record.open() as record:
        first = record.save(Draft(name=MARKUP, author="Ann"), moved)
        child = record.save(Draft(name="Grown", author="Bob", parent=first.digest), moved)
        return first, child, record.save(Draft(name="Looking back", author="Bob", kind=HINDCAST), moved)


def opened(page: str = "forecast", **link: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=120)
    for key, text in link.items():
        app.query_params[key] = text
    if page != "forecast":
        app.switch_page(f"app_pages/{page}.py")
    return ran(app)


def ran(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def texts(elements) -> str:
    return " ".join(str(element.value) for element in elements)


def forecasts() -> tuple[SavedForecast, ...]:
    with Record.open() as record:
        return record.forecasts()


def filled(app: AppTest, name: str, author: str | None = None) -> AppTest:
    app.text_input(key="save:name").set_value(name)
    if author:
        app.text_input(key="save:author").set_value(author)
    app.button(key="save:go").click()
    return ran(app)


def test_a_moved_prior_is_saved_with_its_reason_once_and_the_next_one_grows_from_it():
    app = opened(C01="1.7", edition="2")
    app.session_state["save"] = True
    ran(app)
    filled(app, "First", "Ann")
    assert "Please say why you moved “Balancing the United States”." in texts(app.error).replace("\\", "")
    assert forecasts() == ()
    app.text_area(key="save:reason:C01").set_value("Sanctions bite.")
    filled(app, "First")
    assert "Saved as entry 1" in texts(app.success)
    (first,) = forecasts()
    assert (first.name, first.author, first.reasons["C01"]) == ("First", "Ann", "Sanctions bite.")
    assert first.inputs.keys() >= {"evidence.json", "library.npz"}
    assert first.default != first.published
    assert f"record?entry={first.digest[:12]}" in texts(app.code)
    app.button(key="save:again").click()
    ran(app)
    assert app.text_input(key="save:name").value == "Balancing the United States 1.60 → 1.70"
    filled(app, "Second")
    assert forecasts()[0].parent == first.digest
    second = forecasts()[0].digest
    app.button(key=f"save:compare:{second}").click()
    ran(app)
    assert [app.selectbox(key=f"record:{one}").value for one in ("old", "new")] == ["starting", second]
    assert "(C01) was 1.6 and is 1.7" in texts(app.markdown).replace("\\", "")


def test_bad_words_save_nothing():
    app = opened()
    app.session_state["save"] = True
    ran(app)
    for name, author in (("", "Ann"), ("Bidi \u202e text", "Ann"), ("Name", " ")):
        filled(app, name, author)
        assert "Nothing was saved" in texts(app.error)
    assert forecasts() == ()


def test_every_missing_reason_is_named_at_once():
    app = opened(C01="1.2", C02="2", edition="2")
    app.session_state["save"] = True
    ran(app)
    filled(app, "Name", "Ann")
    assert "why you moved “Balancing the United States” and “Sharing the cost”" in texts(app.error)
    assert forecasts() == ()


def test_no_name_of_a_widget_holds_an_escape_sign():
    """Streamlit hands a label's source to screen readers as it is."""
    app = opened(C01="1.2", C02="2", edition="2")
    app.session_state["save"] = True
    labels = [one.label for one in (*ran(app).text_area, *app.text_input, *app.selectbox, *app.slider, *app.button)]
    assert "Balancing the United States: 1.2 instead of 1.6" in labels
    assert not [label for label in labels if "\\" in label]
    knobs = Assumptions.defaults(load_evidence(YEAR_END).claims).knobs
    ours = [one.label for one in (*knobs.values(), *presets(knobs).values())]
    assert not [label for label in ours if re.search(r"[\\`*_\[\]<>#$~|@]|:\S|//", label)]  # nothing that would act


def test_the_preset_offers_its_description_as_the_reason():
    app = opened()
    widget(app.selectbox, "preset").select("equal_weights")
    app.session_state["save"] = True
    ran(app)
    app.button(key="save:preset").click()
    ran(app)
    assert not [area for area in app.text_area if area.key.startswith("save:reason")]
    assert all("Equal weights" in text for text in app.session_state["account"].setting.reasons.values())


@pytest.mark.usefixtures("saved")
def test_the_list_filters_and_marks():
    app = opened("record")
    rows = app.dataframe[0].value
    assert list(rows["Name"]) == ["Grown", MARKUP, "Looking back"]
    assert list(rows["Mark"]) == ["● live", "● live", "◇ hindcast"]
    app.multiselect(key="record:Mark").select("◇ hindcast")
    assert list(ran(app).dataframe[0].value["Name"]) == ["Looking back"]
    app.multiselect(key="record:Mark").unselect("◇ hindcast")
    app.text_input(key="record:text").set_value("bob grown")
    assert list(ran(app).dataframe[0].value["Name"]) == ["Grown"]


def test_a_link_opens_its_entry_and_the_family_is_one_click_away(saved):
    first, child, _ = saved
    app = opened("record", entry=first.digest[:12], C02="1.5")
    assert app.header[0].value == r"\# A \*bold\* `[name](http://a.example)` \<b\>"  # an address only as code
    assert app.query_params["entry"] == first.digest[:12]
    app.button(key="record:verify").click()
    assert "could not be computed again here" in texts(ran(app).warning)
    assert app.button(key=f"record:family:{child.digest}").label == "Entry 2"  # no name from outside in a label
    assert any(one.value.startswith("Grown · Bob · ") for one in app.text)
    app.button(key=f"record:family:{child.digest}").click()
    assert ran(app).header[0].value == "Grown"
    app.button(key="record:back").click()
    assert "entry" not in ran(app).query_params
    assert app.query_params["C02"] == "1.50"
    assert len(app.dataframe[0].value) == 3


@pytest.mark.usefixtures("saved")
@pytest.mark.parametrize(("entry", "told"), [("a" * 12, "not in this record"), ("xyz", "was ignored")])
def test_a_link_to_nothing_says_so_and_loses_nothing(entry, told):
    app = opened("record", entry=entry, C02="1.5")
    assert told in texts(app.warning)
    assert len(app.dataframe[0].value) == 3
    assert app.session_state["account"].setting.values["C02"] == 1.5


def test_a_remark_and_another_name_stand_beside_the_forecast(saved):
    app = opened("record", entry=saved[1].digest[:12])
    app.button(key="remark:go").click()
    assert "Nothing was added" in texts(ran(app).error)
    app.text_area(key="remark:text").set_value("=Too *sure*")
    app.text_input(key="remark:author").set_value("Cyd")
    app.text_input(key="remark:name").set_value("Grown up")
    app.button(key="remark:go").click()
    ran(app)
    assert app.header[0].value == "Grown up"
    assert "=Too *sure*" in texts(app.text)
    assert "Saved under the name “Grown”" in texts(app.caption)
    assert len(forecasts()) == 3


def test_a_saved_setting_comes_back_to_the_sliders(saved):
    app = opened("record", entry=saved[0].digest[:12])
    app.session_state["record:use"] = True
    ran(app)
    app.button(key="apply").click()
    ran(app)
    assert app.session_state["account"].setting.values["C01"] == 1.8


@pytest.mark.usefixtures("saved")
def test_an_altered_entry_is_named_and_the_rest_is_listed(own_home):
    with sqlite3.connect(own_home / "record.db") as raw:
        for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {trigger}")
        raw.execute("UPDATE entry SET body = replace(body, 'Ann', 'Eve') WHERE sequence = 1")
    raw.close()
    app = opened("record")
    assert "Entry 1 of the record is not as saved" in texts(app.error).replace("\\", "")
    assert list(app.dataframe[0].value["Name"]) == ["Grown", "Looking back"]
    app.button(key="record:check").click()
    assert "Damaged in" in texts(ran(app).error)


def test_without_a_record_the_page_says_so_and_the_forecast_works(tmp_path, monkeypatch):
    other = tmp_path / "notes.txt"
    other.write_text("no database\n" * 100)
    monkeypatch.setenv("CONJUNCTION_RECORD", str(other))
    app = opened()
    app.session_state["save"] = True
    ran(app)
    assert "record cannot be used" in texts(app.error)
    assert len(app.metric) == 8
    app.switch_page("app_pages/record.py")
    assert "is no record" in texts(ran(app).error)
    assert other.read_text().startswith("no database")
    monkeypatch.delenv("CONJUNCTION_RECORD")
    app.button(key="record:again").click()
    assert not ran(app).error
    assert "Nothing has been saved yet" in texts(app.info)


def test_an_import_is_previewed_verified_and_saved_only_when_it_is_what_it_says(moved):
    evidence = load_evidence(YEAR_END)
    library = synthetic_library(evidence, samples=80)
    app = opened("record")
    app.session_state["record:tab"] = "Import"
    ran(app)
    content = snapshot_bytes(moved, {})
    app.file_uploader(key="upload").upload("../../evil.zip", content, "application/zip")
    ran(app)
    assert library.key != cache.library().key
    assert "could not be computed again here" in texts(app.warning)
    assert forecasts() == ()
    app.session_state["import"] = True
    ran(app)
    app.text_input(key="import:name").set_value("From afar")
    app.text_input(key="import:author").set_value("Cyd")
    app.radio(key="import:kind").set_value(HINDCAST)
    app.button(key="import:go").click()
    ran(app)
    (one,) = forecasts()
    assert (one.name, one.kind, one.snapshot != "") == ("From afar", HINDCAST, True)
    assert "Imported from a file" in one.note


def test_a_file_without_reasons_is_only_a_setting_to_use():
    setting = Assumptions.defaults(load_evidence(YEAR_END).claims).replace({"C01": 1.7})
    app = opened("record")
    app.session_state["record:tab"] = "Import"
    ran(app)
    app.file_uploader(key="upload").upload("one.json", exchange.snapshot_of(cache.forecast(setting), {}).json)
    ran(app)
    assert "no reason for Balancing the United States" in texts(app.markdown)
    app.button(key="apply").click()
    assert ran(app).session_state["account"].setting.values["C01"] == 1.7


def test_a_file_that_is_not_what_it_says_cannot_be_saved():
    setting = Assumptions(knobs=Assumptions.defaults(load_evidence(YEAR_END).claims).knobs)
    document = exchange.snapshot_of(cache.forecast(setting), {}).document
    document["reliability"]["status"] = "fair"
    app = opened("record")
    app.session_state["record:tab"] = "Import"
    ran(app)
    app.file_uploader(key="upload").upload("snapshot.json", canonical_json(document), "application/json")
    ran(app)
    assert "not as it was published" in texts(app.error)
    assert "cannot be saved" in texts(app.markdown)
