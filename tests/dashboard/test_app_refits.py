"""Refits in the page: started where the engine gives up, watched, joined to the library, rejected with a reason."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import forecasts as cache
from dashboard.refits.jobs import Refits
from data.load import load_evidence
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.errors import FitError
from models.fits.alignment_fit import save_fit
from models.library.local import join_refits
from models.library.pool import single
from models.measures.drivers import driver_table
from models.refits.question import refit_key
from models.refits.queue import Queue
from models.refits.request import fit_folder
from models.storage.home import HOME_VARIABLE
from tests.support.page.app import opened, ran, shown, texts
from tests.support.page.widgets import widget
from tests.support.programs.fake_worker import STORED, fake_command
from tests.support.values.prior_fits import prior_fit

FAR = {"C14": "-1.0", "C13": "7.0"}
"""Four and two prior sds away: one fit at the defaults cannot answer it."""
WAIT_SECONDS = 20.0
SAMPLES = 4000


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """What the page opens with."""
    return load_evidence()


@pytest.fixture(scope="module")
def library(evidence):
    """A stand-in for the committed library: one fit at the defaults, so that far settings exist."""
    defaults = Assumptions.defaults(evidence.claims)
    fit = prior_fit(evidence, defaults, samples=SAMPLES, seed=1)
    return single(fit, driver_table(evidence), defaults.knobs)


@pytest.fixture(scope="module")
def far_fit(evidence):
    values = {key: float(text) for key, text in FAR.items()}
    return prior_fit(evidence, Assumptions.defaults(evidence.claims).replace(values), samples=SAMPLES, seed=2)


@pytest.fixture
def worker(tmp_path, monkeypatch, library, far_fit):
    """The page on the stand-in library, with refits that hand out `far_fit`; returns a function that starts them."""
    home, made = tmp_path / "home", []
    home.mkdir()
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.setattr(cache, "library", lambda _=None: library)

    def install(behaviour: str, **letters: str) -> Refits:
        save_fit(far_fit, home / STORED)
        runner = Refits(home, fake_command(behaviour, **letters))
        made.append(runner)
        monkeypatch.setattr(cache, "refits", lambda: runner)
        return runner

    yield install
    for runner in made:
        runner.close()


def ended(app: AppTest, runner: Refits) -> str:
    """Wait for the refit in the link, draw the page again, and return how it ended."""
    job_id, end = app.query_params["refit"], time.monotonic() + WAIT_SECONDS
    while runner.status(job_id).live:
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    ran(app)
    return runner.status(job_id).state


def warnings(app: AppTest) -> str:
    return " ".join(element.value for element in app.warning)


def go(home: Path) -> None:
    (home / "go").touch()


def test_a_far_setting_starts_its_own_refit_and_shows_no_number_of_its_own_before(worker, tmp_path):
    runner = worker("wait")
    app = opened()
    trusted = shown(app)
    widget(app.slider, "slider:C14").set_value(-1.0)
    ran(app)
    widget(app.slider, "slider:C13").set_value(7.0)
    ran(app)
    job = runner.status(app.query_params["refit"])
    assert job.live
    assert not app.metric, "a number of the far setting is shown as if it could be trusted"
    greyed = " ".join(element.value for element in app.markdown)
    assert all(percent.replace(" ", "\N{NO-BREAK SPACE}") in greyed for percent in trusted.values())
    assert "Your setting has no numbers yet. Struck through: your starting view." in texts(app)
    app.button(key="reset").click()  # the page answers while the refit runs
    assert shown(ran(app)) == trusted
    go(tmp_path / "home")


def test_an_accepted_refit_joins_the_local_library_and_answers(worker, evidence, library, tmp_path):
    runner = worker("fit")
    app = opened(**FAR)
    assert ended(app, runner) == "done"
    join_refits(evidence, library, tmp_path / "home")  # what the real worker does before it says done
    numbers = shown(ran(app))
    assert len(numbers) == 4
    answer = cache.forecast(app.session_state["account"].setting)
    assert answer.status in ("good", "fair")
    assert answer.library_key == cache.local().key
    assert "Refitted from scratch" in " ".join(element.value for element in app.markdown)
    again = opened(**FAR, refit=app.query_params["refit"])
    assert shown(again) == numbers
    nearby = opened(C14="-0.9", C13="7.0")
    assert cache.forecast(nearby.session_state["account"].setting).library_key == cache.local().key
    at_defaults = opened()
    assert cache.forecast(at_defaults.session_state["account"].setting).library_key == library.key


@pytest.mark.parametrize(
    ("behaviour", "state", "words"), [("reject", "rejected", "R\\-hat"), ("fail", "failed", "NaN")]
)
def test_a_refit_that_ends_badly_says_why_and_is_not_started_again_by_itself(worker, behaviour, state, words):
    runner = worker(behaviour)
    app = opened(**FAR)
    job_id = app.query_params["refit"]
    assert ended(app, runner) == state
    assert words in warnings(app)
    assert not app.metric
    ran(app)
    assert app.query_params["refit"] == job_id
    app.button(key="refit").click()
    assert ran(app).query_params["refit"] != job_id


def test_a_refit_can_be_cancelled(worker, tmp_path):
    runner = worker("wait")
    app = opened(**FAR)
    app.button(key="cancel").click()
    ran(app)
    assert runner.status(app.query_params["refit"]).state == "cancelled"
    assert "Refit cancelled" in warnings(app)
    go(tmp_path / "home")


def test_a_green_setting_is_refitted_only_on_request_and_compared(worker, far_fit, tmp_path):
    runner = worker("fit")
    save_fit(replace(far_fit, seed=far_fit.seed), tmp_path / "home" / STORED)
    app = opened(C13="2.5")
    assert "refit" not in app.query_params
    app.button(key="refit").click()
    assert ended(ran(app), runner) == "done"
    assert len(app.metric) == 4


def test_a_queue_that_makes_no_sense_is_told_to_whoever_has_a_link_and_to_whoever_asks(worker, tmp_path):
    worker("fit")
    path = Queue(tmp_path / "home").path
    path.parent.mkdir()
    path.write_bytes(b"no database" * 99)
    text = warnings(opened(refit="0123456789ab")).replace("\\", "")
    assert "Refit failed. Nothing is known of it: the queue of refits cannot be used" in text
    assert "file is not a database" in text
    asked = ran(opened(**FAR))
    assert "move the file away" in warnings(asked)
    assert "refit" not in asked.query_params
    assert path.read_bytes() == b"no database" * 99


def test_a_link_to_a_refit_of_a_former_version_says_so(worker, tmp_path):
    worker("fit")
    folder = tmp_path / "home" / "jobs" / "0123456789ab"
    folder.mkdir(parents=True)
    (folder / "job.json").write_text('{"id": "0123456789ab", "asked": "z"}')
    text = warnings(opened(refit="0123456789ab"))
    assert "A former version of this program kept it" in text
    assert "Start the refit again" in text


def test_a_link_to_a_refit_of_a_former_version_needs_no_word_where_its_fit_is_kept(worker, far_fit, tmp_path):
    worker("fit")
    assumptions = Assumptions.defaults(cache.evidence().claims).replace({"C13": 2.5})
    save_fit(far_fit, fit_folder(tmp_path / "home", refit_key(cache.evidence(), assumptions)))
    folder = tmp_path / "home" / "jobs" / "0123456789ab"
    folder.mkdir(parents=True)
    (folder / "job.json").write_text('{"id": "0123456789ab", "state": "done"}')
    assert "former version" not in warnings(opened(C13="2.5", refit="0123456789ab"))


def test_a_refit_that_cannot_be_cancelled_is_told(worker, tmp_path, monkeypatch):
    runner = worker("wait")
    app = opened(**FAR)

    def locked(_: str) -> None:
        raise FitError("the queue of refits cannot be used: database is locked")

    monkeypatch.setattr(runner, "cancel", locked)
    app.button(key="cancel").click()
    assert "database is locked" in warnings(ran(app))
    go(tmp_path / "home")
