"""Every cache of the page, in one place: what is read once a server, and what is answered by digest.

Shared objects (`cache_resource`) are frozen and their arrays read-only; a page never writes to them. Everything that
grows with use has a largest size.
"""

import importlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.jobs import Refits, home
from data.digest import digest
from data.load import load_evidence
from data.types import Evidence
from models.assumptions import Assumptions
from models.drivers import DriverTable, driver_table
from models.effects import KnobEnds, knob_ends
from models.errors import FitError
from models.forecast import Forecast, make_forecast
from models.outcome import RULE, Resolution, mean_needed, resolve_history
from models.posterior import Check, Fit, base_case, load_fit
from models.priors import prior_parameters
from models.signposts import SignpostResolution, resolve_signposts
from models.structure import STRUCTURE

type Spec = Mapping[str, object]

SHARED = 128
"""Forecasts and what follows from them: an afternoon's walk with undo, at about 100 kB each."""
COPIED = 512
"""Charts and tables: a page has up to ten, at 10 to 100 kB each."""
FITS = 8
"""Refits in memory, about 15 MB each."""
PRIOR_DRAWS = 500
"""The share that must pass is then known within 1.3 points, in about two seconds."""
THINNINGS = 200
"""Altered records per random variation: the mean share is then known within half a point."""
SLOW_IMPORTS = "arviz_stats.base"


@st.cache_resource(max_entries=1, show_spinner="Reading the evidence.")
def evidence() -> Evidence:
    """What forecasts use: verified rows up to the reference date."""
    return load_evidence()


@st.cache_resource(max_entries=1, show_spinner="Reading the evidence.")
def whole_ledger() -> Evidence:
    """Everything in the files, unverified and reserve rows too, for the Evidence page."""
    return load_evidence(include_unverified=True, include_reserve=True)


@st.cache_resource(max_entries=1, show_spinner="Reading the fit.")
def base_fit() -> Fit:
    """The committed fit.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    return base_case(evidence())


@st.cache_resource(max_entries=1, show_spinner=False)
def refits() -> Refits:
    """The refit worker of this server."""
    return Refits(home())


def refit_key(assumptions: Assumptions) -> str:
    """Name of a refit: digest of the evidence, rule, model and priors that decide its draws."""
    prior = prior_parameters(assumptions)
    outside = ("calm_hazard", "base_rate_weight")  # these act on the base rate and on the mixture, never on the draws
    asked = {name: getattr(prior, name) for name in prior.__dataclass_fields__ if name not in outside}
    plain = {name: value.tolist() if hasattr(value, "tolist") else value for name, value in asked.items()}
    return digest({"evidence": evidence().digest, "rule": RULE.digest, "model": STRUCTURE.digest, "prior": plain})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """A refit on disk, and whether it may be shown.

    Attributes
    ----------
    fit : Fit or None
        None when the file cannot be used.
    problem : str
        Why it is not used; empty when it is.
    """

    fit: Fit | None
    problem: str = ""


def refit(assumptions: Assumptions) -> Refit | None:
    """The refit made for these assumptions, if there is one."""
    folder = refits().result(refit_key(assumptions))
    return None if folder is None else _stored(str(folder), (folder / "fit.json").stat().st_mtime_ns)


@st.cache_resource(max_entries=FITS, show_spinner="Reading the refit.")
def _stored(folder: str, written: int) -> Refit:  # noqa: ARG001 (the time of writing names the entry)
    try:
        fit = load_fit(Path(folder))
    except FitError as error:
        return Refit(fit=None, problem=f"The stored refit cannot be used: {error}")
    if fit.evidence_digest != evidence().digest:
        return Refit(fit=None, problem="The stored refit was made on other evidence.")
    failed = fit.diagnostics.failures
    told = "; ".join(f"{check.name} is {check.value:.3g}, expected {check.threshold}" for check in failed)
    return Refit(fit=fit, problem=f"Failed check: {told}." if failed else "")


def fit_for(assumptions: Assumptions) -> Fit:
    """The refit made for these assumptions if it passed its checks, else the committed fit."""
    found = refit(assumptions)
    return found.fit if found and found.fit and not found.problem else base_fit()


def forecast(assumptions: Assumptions) -> Forecast:
    """The forecast under a setting; reasons change no number and don't make a new one."""
    fit = fit_for(assumptions)
    bare = Assumptions(knobs=assumptions.knobs, values=assumptions.values)
    return _shared("forecast", (bare.digest, fit.key), lambda: make_forecast(evidence(), fit, bare))


def effects(forecast: Forecast) -> tuple[KnobEnds, ...]:
    """What each knob can do from here; about a second."""
    fit = fit_for(forecast.assumptions)
    with st.spinner("Moving every assumption to both ends of its range."):
        return _shared("effects", of(forecast), lambda: knob_ends(evidence(), fit, forecast.assumptions))


def of(forecast: Forecast) -> tuple[str, str]:
    """What a forecast's charts and tables depend on."""
    return forecast.assumptions.digest, forecast.fit_key


@st.cache_resource(max_entries=SHARED, show_spinner=False)
def _shared[T](what: str, key: tuple[object, ...], _make: Callable[[], T]) -> T:  # noqa: ARG001 (they name the entry)
    return _make()


@st.cache_data(max_entries=COPIED, show_spinner=False)
def copied[T](what: str, key: tuple[object, ...], _make: Callable[[], T]) -> T:  # noqa: ARG001 (they name the entry)
    """A chart's specification or a table, by its name and everything it depends on; each reader gets a copy."""
    return _make()


@st.cache_resource(max_entries=1, show_spinner="Labelling history.")
def history() -> tuple[Resolution, ...]:
    """The state of every year-end since the model's first year, with its reason."""
    return resolve_history(evidence().events, STRUCTURE.first_year, evidence().as_of.year)


@st.cache_data(max_entries=1, show_spinner=False)
def needed() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean intensity that next year would need at each cut of the rule, and that of the years it will remember."""
    from models.readings import read_ledger

    recent = read_ledger(evidence()).recent_means
    return tuple(mean_needed(recent).tolist()), tuple(recent.tolist())


@st.cache_resource(max_entries=1, show_spinner=False)
def drivers() -> DriverTable:
    """What the claims' drivers measured, year by year."""
    return driver_table(evidence())


@st.cache_resource(max_entries=1, show_spinner=False)
def signposts() -> tuple[SignpostResolution, ...]:
    """The yes-or-no questions with their answers so far."""
    return resolve_signposts(evidence().events, evidence().as_of)


@st.cache_data(max_entries=1, show_spinner="Testing the outcome rule against other records of history.")
def robustness() -> pd.DataFrame:
    """How many labels change under another rule or record."""
    from models.robustness import rule_robustness

    others = load_evidence(include_unverified=True), load_evidence(include_reserve=True)
    return rule_robustness(evidence(), *others, draws=THINNINGS, seed=0)


def prior_predictive(assumptions: Assumptions) -> tuple[tuple[Check, ...], pd.DataFrame]:
    """Checks of what the priors of a setting would forecast alone, and the table behind them."""
    from models.prior_predictive import prior_checks, prior_forecast, prior_table
    from models.readings import read_ledger

    def make() -> tuple[tuple[Check, ...], pd.DataFrame]:
        measured = drivers().lagged, drivers().origin.to_numpy()
        prior = prior_parameters(assumptions)
        shares = prior_forecast(prior, read_ledger(evidence()), measured, seed=0, size=PRIOR_DRAWS)
        return prior_checks(shares), prior_table(shares)

    with st.spinner("Simulating histories from the priors alone."):
        return copied("prior predictive", (assumptions.digest,), make)


def posterior_predictive(fit: Fit) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Recorded against replicated: intensity bands, and yearly means."""
    from models.posterior_predictive import band_check, year_check

    def make() -> tuple[pd.DataFrame, pd.DataFrame]:
        return band_check(fit, evidence(), seed=0), year_check(fit, evidence(), seed=0)

    with st.spinner("Letting the model write the record again."):
        return copied("posterior predictive", (fit.key,), make)


def learning(forecast: Forecast) -> pd.DataFrame:
    """What the record says about each knob under a forecast's setting."""
    from models.learning import knob_learning

    setting = forecast.assumptions
    return copied("learning", of(forecast), lambda: knob_learning(fit_for(setting), setting, forecast.weights))


@st.cache_resource(max_entries=1, show_spinner=False)
def warm() -> threading.Thread:
    """Import in the background what the first move of a slider needs, so that it does not wait two seconds for it."""
    thread = threading.Thread(target=importlib.import_module, args=(SLOW_IMPORTS,), daemon=True, name="warm-up")
    thread.start()
    return thread
