"""Every cache of the page, in one place: what is read once a server, and what is answered by digest.

Shared objects (`cache_resource`) are frozen and their arrays read-only; a page never writes to them. Everything that
grows with use has a largest size.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.refits.jobs import Refits
from data.digest import Fields
from data.editions.edition import newest_edition
from data.load import EVENTS_FILE, load_evidence
from data.types import Evidence
from data.unused import AHEAD, Unused, later_rows, tallies
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.errors import FitError, MissingFitError
from models.fits.alignment_fit import AlignmentFit, base_case, load_fit
from models.fits.certificate import Check
from models.fits.dated import fitted_libraries
from models.forecast.effects import KnobEnds, knob_ends
from models.forecast.libraries import best_forecast
from models.forecast.results import Forecast, make_forecast
from models.library.compatibility import Compatibility, compatibility, knob_compatibilities
from models.library.files import committed_library
from models.library.library import Library
from models.library.local import local_library, newest_pools
from models.measures.drivers import DriverTable, driver_table
from models.measures.structure import ALIGNMENT
from models.outcome.rule import Label, resolve_history
from models.outcome.signposts import SignpostResolution, resolve_signposts
from models.refits.question import fit_gap, refit_key
from models.storage.home import home
from models.verdicts.studies import Study, Version, read_engine_study, read_study

type Spec = Mapping[str, object]

SHARED = 128
"""Forecasts and what follows from them: an afternoon's walk with undo, at about 100 kB each."""
COPIED = 512
"""Charts and tables: a page has up to ten, at 10 to 100 kB each."""
PRIOR_DRAWS = 500
"""The share that must pass is then known within 1.3 points, in about two seconds."""
THINNINGS = 200
"""Altered ledgers per random variation: the mean share is then known within half a point."""
STUDY = Path(__file__).parents[2] / "docs" / "engine_study"
ARCHIVES = Path(__file__).parents[2] / "docs"
"""Where long runs leave their tables, a folder each."""


@st.cache_resource(max_entries=1, show_spinner="Reading the evidence.")
def evidence() -> Evidence:
    """What forecasts use: verified rows up to the reference date."""
    return load_evidence()


@st.cache_resource(max_entries=1, show_spinner="Reading the evidence.")
def whole_ledger() -> Evidence:
    """Everything in the files to the ledger's last day, unverified and reserve rows too, for the Evidence page."""
    return load_evidence(newest_edition().searched_until, include_unverified=True, include_reserve=True)


@st.cache_resource(max_entries=1, show_spinner=False)
def unused() -> tuple[Unused, ...]:
    """Rows of the files that lie after the evidence's last day, so that nothing on the page counts them."""
    return later_rows()


@st.cache_data(max_entries=1, show_spinner=False)
def acts_ahead() -> int:
    """Verified acts of the ledger between the reference date and the last day searched."""
    rows = next(tally.unused for tally in tallies() if tally.file == EVENTS_FILE)
    return sum(row.reason == AHEAD for row in rows)


@st.cache_resource(max_entries=1, show_spinner="Reading the fit.")
def base_fit() -> AlignmentFit:
    """The committed fit.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    return base_case(evidence())


@st.cache_resource(max_entries=1, show_spinner="Reading the library of fits.")
def library() -> Library:
    """The committed library.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    return committed_library(evidence())


def local() -> Library | None:
    """The library with this folder's refits added, if there is one."""
    newest = newest_pools(home())
    return _local(tuple(str(path) for path in newest)) if newest else None


@st.cache_resource(max_entries=2, show_spinner=False)
def _local(newest: tuple[str, ...]) -> Library | None:  # noqa: ARG001 (the folders name the entry)
    return local_library(library(), home())


@st.cache_resource(max_entries=1, show_spinner=False)
def refits() -> Refits:
    """The refit worker of this server."""
    return Refits(home())


def forecast(assumptions: Assumptions) -> Forecast:
    """The forecast under a setting; reasons change no number and don't make a new one."""
    bare = Assumptions(knobs=assumptions.knobs, values=assumptions.values)
    return best_forecast(_libraries(), lambda source: _forecast(bare, source))


def _libraries() -> Iterator[Library]:
    """The committed library, then the local one if there is one; that is looked for only when it is asked for."""
    yield library()
    if (more := local()) is not None:
        yield more


def _forecast(assumptions: Assumptions, source: Library) -> Forecast:
    key = (assumptions.digest, source.key)
    return _shared("forecast", key, lambda: make_forecast(evidence(), source, assumptions))


def library_of(forecast: Forecast) -> Library:
    """The library that a forecast was made from."""
    if forecast.library_key == library().key:
        return library()
    refitted = local()
    if refitted is None or refitted.key != forecast.library_key:
        raise MissingFitError("the refits behind this forecast were replaced a moment ago; reload the page")
    return refitted


def effects(forecast: Forecast) -> tuple[KnobEnds, ...]:
    """What each knob can do from here; about half a second."""
    source = library_of(forecast)
    with st.spinner("Moving every assumption to both ends of its range."):
        return _shared("effects", of(forecast), lambda: knob_ends(evidence(), source, forecast.assumptions))


def support(forecast: Forecast) -> Compatibility:
    """How compatible the evidence is with a forecast's setting, against the defaults."""
    source = library_of(forecast)
    return _shared("support", of(forecast), lambda: compatibility(source, forecast.assumptions))


def knob_supports(forecast: Forecast) -> Mapping[str, Compatibility]:
    """The same for every moved knob alone."""
    source = library_of(forecast)
    return _shared("supports", of(forecast), lambda: knob_compatibilities(source, forecast.assumptions))


def refit_gap(forecast: Forecast) -> float | None:
    """`models.refits.question.fit_gap` of the numbers on screen; None when there is no refit of them."""
    folder = refits().result(refit_key(evidence(), forecast.assumptions))
    if folder is None:
        return None
    key = (*of(forecast), str(folder), (folder / "fit.json").stat().st_mtime_ns)
    return _shared("gap", key, lambda: _gap(forecast, folder))


def _gap(forecast: Forecast, folder: Path) -> float | None:
    try:
        return fit_gap(forecast, load_fit(folder), evidence())
    except FitError:
        return None


def of(forecast: Forecast) -> tuple[str, str]:
    """What a forecast's charts and tables depend on."""
    return forecast.assumptions.digest, forecast.library_key


@st.cache_resource(max_entries=SHARED, show_spinner=False)
def _shared[T](what: str, key: tuple[object, ...], _make: Callable[[], T]) -> T:  # noqa: ARG001 (they name the entry)
    return _make()


@st.cache_data(max_entries=COPIED, show_spinner=False)
def copied[T](what: str, key: tuple[object, ...], _make: Callable[[], T]) -> T:  # noqa: ARG001 (they name the entry)
    """A chart's specification or a table, by its name and everything it depends on; each reader gets a copy."""
    return _make()


@st.cache_resource(max_entries=1, show_spinner="Labelling history.")
def history() -> tuple[Label, ...]:
    """The state of every year-end since the model's first year, with its reason."""
    return resolve_history(evidence().events, ALIGNMENT.first_year, evidence().as_of.year)


@st.cache_resource(max_entries=1, show_spinner=False)
def drivers() -> DriverTable:
    """What the claims' drivers measured, year by year."""
    return driver_table(evidence())


@st.cache_resource(max_entries=2, show_spinner=False)
def signposts(today: date) -> tuple[SignpostResolution, ...]:
    """The yes-or-no questions with their answers so far, as they stand on one day."""
    ledger = whole_ledger()
    counted = [event for event in ledger.events if not event.reserve]
    return resolve_signposts(counted, ledger.as_of, today=today)


@st.cache_data(max_entries=1, show_spinner="Testing the outcome rule against other ledgers of history.")
def robustness() -> pd.DataFrame:
    """How many labels change under another rule or ledger."""
    from data.readings import load_readings
    from models.outcome.robustness import Editions, rule_robustness

    editions = Editions(
        default=evidence(),
        with_unverified=load_evidence(include_unverified=True),
        with_reserve=load_evidence(include_reserve=True),
        readings=load_readings(),
    )
    return rule_robustness(editions, draws=THINNINGS, seed=0)


@st.cache_data(max_entries=1, show_spinner=False)
def deep_years() -> pd.DataFrame:
    """The newest year-ends by every row and by their grave acts alone; the running year as far as the ledger goes."""
    from models.outcome.robustness import deep_labels

    newest = load_evidence(newest_edition().searched_until)
    return deep_labels(newest.events, range(evidence().as_of.year, newest.as_of.year + 1))


def prior_predictive(assumptions: Assumptions) -> tuple[tuple[Check, ...], pd.DataFrame]:
    """Checks of what the priors of a setting would forecast alone, and the table behind them."""
    from models.alignment.prior_predictive import prior_checks, prior_forecast, prior_table
    from models.measures.readings import read_ledger

    def make() -> tuple[tuple[Check, ...], pd.DataFrame]:
        measured = drivers().lagged, drivers().origin.to_numpy()
        prior = prior_parameters(assumptions)
        shares = prior_forecast(prior, read_ledger(evidence()), measured, seed=0, size=PRIOR_DRAWS)
        return prior_checks(shares), prior_table(shares)

    with st.spinner("Simulating histories from the priors alone."):
        return copied("prior predictive", (assumptions.digest,), make)


def posterior_predictive(fit: AlignmentFit) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Recorded against replicated: intensity bands, and yearly means."""
    from models.alignment.posterior_predictive import band_check, year_check

    def make() -> tuple[pd.DataFrame, pd.DataFrame]:
        return band_check(fit, evidence(), seed=0), year_check(fit, evidence(), seed=0)

    with st.spinner("Letting the model write the ledger again."):
        return copied("posterior predictive", (fit.key,), make)


@st.cache_data(max_entries=1, show_spinner=False)
def engine_study() -> tuple[Fields, pd.DataFrame] | None:
    """The archived held-out study of the engine: what it was about, and one row a setting; None when it is of another
    library than the present one."""
    return read_engine_study(STUDY, library().key, fitted_libraries())


def study(name: str) -> Study:
    """An archived study by its name in `models.verdicts.studies`, its tables read once."""
    version = Version.present(evidence())
    folder = ARCHIVES / name
    return _shared("study", (str(folder), version.evidence), lambda: read_study(name, folder, version))


def learning(forecast: Forecast) -> pd.DataFrame:
    """What the evidence says about each knob under a forecast's setting."""
    from models.forecast.learning import knob_learning

    source, setting = library_of(forecast), forecast.assumptions
    return copied("learning", of(forecast), lambda: knob_learning(source, setting, forecast.weights))
