"""Every cache of the page, in one place: what is read once a server, and what is answered by digest.

Shared objects (`cache_resource`) are frozen and their arrays read-only; a page never writes to them. Everything that
grows with use has a largest size.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.cache.page_refits import PageRefits
from dashboard.cache.reference import evidence, held
from data.days import last_whole_year
from data.editions.edition import newest_edition
from data.load import EVENTS_FILE, load_evidence
from data.types import Evidence
from data.unused import AHEAD, Unused, later_rows, tallies
from models.assumptions.setting import Assumptions
from models.errors import FitError, MissingFitError
from models.fits.alignment_fit import AlignmentFit, base_case, load_fit
from models.fits.dated import fitted_dates
from models.forecast.effects import KnobEnds, knob_ends
from models.forecast.libraries import best_forecast
from models.forecast.results import Forecast, make_forecast
from models.library.compatibility import Compatibility, compatibility, knob_compatibilities
from models.library.files import committed_library
from models.library.library import Library
from models.library.local import local_library, newest_pools
from models.measures.driver_table import DriverTable
from models.measures.drivers import driver_table
from models.measures.structure import ALIGNMENT
from models.outcome.rule import Label, resolve_history
from models.outcome.signposts import SignpostResolution, resolve_signposts
from models.refits.question import fit_gap, refit_key
from models.storage.home import home

type Spec = Mapping[str, object]

SHARED = 128
"""Forecasts and what follows from them: an afternoon's walk with undo, at about 100 kB each."""
DATES = 3
"""Evidence of so many dates at once: the newest, the one before an update, and a former one that somebody looks at."""
COPIED = 512
"""Charts and tables: a page has up to ten, at 10 to 100 kB each."""


def evidence_of(forecast: Forecast) -> Evidence:
    """The evidence that a forecast rests on; asks no session, so that a file made on a click may ask it.

    Raises
    ------
    MissingFitError
        An update has replaced it since.
    """
    if (mine := held()) and mine.digest == forecast.evidence_digest:
        return mine
    known = load_evidence(forecast.reference_date)
    if known.digest != forecast.evidence_digest:
        raise MissingFitError("the evidence behind this forecast was updated a moment ago; reload the page")
    return known


def whole_ledger() -> Evidence:
    """Everything in the files to the ledger's last day, unverified and reserve rows too, for the Evidence page."""
    return load_evidence(newest_edition().searched_until, include_unverified=True, include_reserve=True)


def unused() -> tuple[Unused, ...]:
    """Rows of the files that lie after the ledger's last day, so that nothing on the page counts them."""
    return later_rows()


def acts_ahead() -> tuple[Unused, ...]:
    """Verified acts of the ledger between the session's reference date and the last day searched."""
    rows = next(tally.unused for tally in tallies(as_of=evidence().as_of) if tally.file == EVENTS_FILE)
    return tuple(row for row in rows if row.reason == AHEAD)


def base_fit(of: Forecast | None = None) -> AlignmentFit:
    """The committed fit on the session's evidence, or on that of a forecast.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    known = evidence_of(of) if of else evidence()
    return _base_fit(known.digest, known)


@st.cache_resource(max_entries=DATES, show_spinner="Reading the fit.")
def _base_fit(digest: str, _known: Evidence) -> AlignmentFit:  # noqa: ARG001 (the digest names the entry)
    return base_case(_known)


def library(of: Forecast | None = None) -> Library:
    """The committed library on the session's evidence, or on that of a forecast.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    known = evidence_of(of) if of else evidence()
    return _library(known.digest, known)


@st.cache_resource(max_entries=DATES, show_spinner="Reading the library of fits.")
def _library(digest: str, _known: Evidence) -> Library:  # noqa: ARG001 (the digest names the entry)
    return committed_library(_known)


def own(as_of: date) -> tuple[Evidence, Library]:
    """This program's evidence and library as of a day, or the session's where the project has no fit for that day.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    known = load_evidence(as_of) if as_of in fitted_dates() else evidence()
    return known, _library(known.digest, known)


def local(of: Forecast | None = None) -> Library | None:
    """The library with this folder's refits added, if there is one."""
    return _refitted(lambda: library(of))


def _refitted(source: Callable[[], Library]) -> Library | None:
    if not (newest := newest_pools(home())):
        return None
    committed = source()
    return _local((committed.key, *map(str, newest)), committed)


@st.cache_resource(max_entries=DATES, show_spinner=False)
def _local(key: tuple[str, ...], _source: Library) -> Library | None:  # noqa: ARG001 (the folders name the entry)
    return local_library(_source, home())


@st.cache_resource(max_entries=1, show_spinner=False)
def refits() -> PageRefits:
    """The refit worker of this server."""
    return PageRefits(home())


def forecast(assumptions: Assumptions, known: Evidence | None = None) -> Forecast:
    """The forecast under a setting; reasons change no number and don't make a new one.

    Parameters
    ----------
    known : Evidence, optional
        Another than the session's.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    bare = Assumptions(knobs=assumptions.knobs, values=assumptions.values)
    return best_forecast(_libraries(known), lambda source: _forecast(bare, source, known or evidence()))


def start_of_year(forecast: Forecast) -> Forecast | None:
    """What the same setting gives as of the last year-end before a forecast's reference date; None without a fit."""
    day = date(forecast.reference_date.year - 1, 12, 31)
    if day not in fitted_dates():
        return None
    known = load_evidence(day)
    try:
        source = _library(known.digest, known)
    except FitError:
        return None
    setting = forecast.assumptions
    key = (setting.digest, source.key)
    return shared("forecast", key, lambda: make_forecast(known, source, setting))


def libraries(of: Forecast) -> tuple[Library, ...]:
    """All that may answer a setting on a forecast's evidence, in the order in which they are asked."""
    more = local(of)
    return (library(of),) if more is None else (library(of), more)


def _libraries(known: Evidence | None) -> Iterator[Library]:
    """The committed library, then the local one if there is one; that is looked for only when it is asked for."""
    committed = library() if known is None else _library(known.digest, known)
    yield committed
    if (more := _refitted(lambda: committed)) is not None:
        yield more


def _forecast(assumptions: Assumptions, source: Library, known: Evidence) -> Forecast:
    key = (assumptions.digest, source.key)
    return shared("forecast", key, lambda: make_forecast(known, source, assumptions))


def library_of(forecast: Forecast) -> Library:
    """The library that a forecast was made from."""
    if forecast.library_key == library(forecast).key:
        return library(forecast)
    refitted = local(forecast)
    if refitted is None or refitted.key != forecast.library_key:
        raise MissingFitError("the refits behind this forecast were replaced a moment ago; reload the page")
    return refitted


def effects(forecast: Forecast) -> tuple[KnobEnds, ...]:
    """What each knob can do from here; about half a second."""
    known, source = evidence_of(forecast), library_of(forecast)
    with st.spinner("Moving every assumption to both ends of its range."):
        return shared("effects", of(forecast), lambda: knob_ends(known, source, forecast.assumptions))


def support(forecast: Forecast) -> Compatibility:
    """How compatible the evidence is with a forecast's setting, against the defaults."""
    source = library_of(forecast)
    return shared("support", of(forecast), lambda: compatibility(source, forecast.assumptions))


def knob_supports(forecast: Forecast) -> Mapping[str, Compatibility]:
    """The same for every moved knob alone."""
    source = library_of(forecast)
    return shared("supports", of(forecast), lambda: knob_compatibilities(source, forecast.assumptions))


def refit_gap(forecast: Forecast) -> float | None:
    """`models.refits.question.fit_gap` of the numbers on screen; None when there is no refit of them."""
    folder = refits().result(refit_key(evidence_of(forecast), forecast.assumptions))
    if folder is None:
        return None
    key = (*of(forecast), str(folder), (folder / "fit.json").stat().st_mtime_ns)
    return shared("gap", key, lambda: _gap(forecast, folder))


def _gap(forecast: Forecast, folder: Path) -> float | None:
    try:
        return fit_gap(forecast, load_fit(folder), evidence_of(forecast))
    except FitError:
        return None


def of(forecast: Forecast) -> tuple[str, str]:
    """What a forecast's charts and tables depend on."""
    return forecast.assumptions.digest, forecast.library_key


@st.cache_resource(max_entries=SHARED, show_spinner=False)
def shared[T](what: str, key: tuple[object, ...], _make: Callable[[], T]) -> T:  # noqa: ARG001 (they name the entry)
    """A frozen value, by its name and everything it depends on; all readers share it."""
    return _make()


@st.cache_data(max_entries=COPIED, show_spinner=False)
def copied[T](what: str, key: tuple[object, ...], _make: Callable[[], T]) -> T:  # noqa: ARG001 (they name the entry)
    """A chart's specification or a table, by its name and everything it depends on; each reader gets a copy."""
    return _make()


def history() -> tuple[Label, ...]:
    """The state of every year-end since the model's first year that has passed, with its reason."""
    known = evidence()

    def make() -> tuple[Label, ...]:
        return resolve_history(known.events, ALIGNMENT.first_year, last_whole_year(known.as_of))

    return shared("history", (known.digest,), make)


def drivers() -> DriverTable:
    """What the claims' drivers measured, year by year."""
    known = evidence()
    return shared("drivers", (known.digest,), lambda: driver_table(known))


def signposts(today: date) -> tuple[SignpostResolution, ...]:
    """The yes-or-no questions with their answers so far, as they stand on one day."""
    ledger = whole_ledger()

    def make() -> tuple[SignpostResolution, ...]:
        counted = [event for event in ledger.events if not event.reserve]
        return resolve_signposts(counted, ledger.as_of, today=today)

    return shared("signposts", (ledger.digest, today), make)


def learning(forecast: Forecast) -> pd.DataFrame:
    """What the evidence says about each knob under a forecast's setting."""
    from models.forecast.learning import knob_learning

    source, setting = library_of(forecast), forecast.assumptions
    return copied("learning", of(forecast), lambda: knob_learning(source, setting, forecast.weights))
