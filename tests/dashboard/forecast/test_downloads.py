"""The download buttons: what they offer, and that each makes its file from what is given."""

import io
import zipfile

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.forecast import downloads
from models.formats.hubverse_read import read_hub_files
from models.names import PMF, QUANTILE
from tests.support.values.factories import synthetic_snapshot


@pytest.fixture(scope="module")
def snapshot(evidence, library):
    return synthetic_snapshot(evidence, library)


def page() -> None:
    import streamlit as st

    from dashboard.forecast.downloads import buttons
    from dashboard.settings import controls
    from data.load import load_evidence

    controls.start(load_evidence().claims)
    buttons(st.session_state["snapshot"], "here", forecast=st.session_state["forecast"])


def test_four_buttons_for_a_forecast_with_draws_and_three_without(snapshot, forecast):
    for known, labels in ((forecast, 4), (None, 3)):
        app = AppTest.from_function(page, default_timeout=60)
        app.session_state["snapshot"], app.session_state["forecast"] = snapshot, known
        app.run()
        assert not app.exception
        assert len(app.get("download_button")) == labels


def test_the_hub_button_gives_this_forecast(snapshot, monkeypatch, evidence):
    monkeypatch.setattr(downloads.cache, "evidence_of", lambda _: evidence)
    with zipfile.ZipFile(io.BytesIO(downloads._hub(snapshot, None))) as archive:
        table = read_hub_files({name: archive.read(name) for name in archive.namelist()}).table
    told = snapshot.table[snapshot.table["output_type"].isin((PMF, QUANTILE))]
    assert table["value"].tolist() == told["value"].tolist()


def test_the_draws_button_gives_the_draws_on_screen(forecast, library, evidence, monkeypatch):
    monkeypatch.setattr(downloads.cache, "evidence_of", lambda _: evidence)
    monkeypatch.setattr(downloads.cache, "library_of", lambda _: library)
    monkeypatch.setattr(downloads.cache, "base_fit", lambda _: None)
    assert downloads._draws(forecast).startswith(b"\x89HDF")
