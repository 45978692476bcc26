"""What the Checks page computes once: other rules and ledgers, predictive checks, archived studies."""

from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.cache.forecasts import copied, drivers, evidence, library, shared
from data.days import last_whole_year
from data.digest import Fields
from data.editions.edition import newest_edition
from data.load import load_evidence
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import AlignmentFit
from models.fits.certificate import Check
from models.fits.dated import fitted_libraries
from models.verdicts.studies import Study, Version, read_engine_study, read_study

PRIOR_DRAWS = 500
"""The share that must pass is then known within 1.3 points, in about two seconds."""
THINNINGS = 200
"""Altered ledgers per random variation: the mean share is then known within half a point."""
STUDY = Path(__file__).parents[2] / "docs" / "engine_study"
ARCHIVES = Path(__file__).parents[2] / "docs"
"""Where long runs leave their tables, a folder each."""


def robustness() -> pd.DataFrame:
    """How many labels change under another rule or ledger."""
    from data.readings import load_readings
    from models.outcome.robustness import Editions, rule_robustness

    known, readings = evidence(), load_readings()

    def make() -> pd.DataFrame:
        editions = Editions(
            default=known,
            with_unverified=load_evidence(known.as_of, include_unverified=True),
            with_reserve=load_evidence(known.as_of, include_reserve=True),
            readings=readings,
        )
        return rule_robustness(editions, draws=THINNINGS, seed=0)

    with st.spinner("Testing the outcome rule against other ledgers of history."):
        return copied("robustness", (known.digest,), make)


def deep_years() -> pd.DataFrame:
    """The newest year-ends by every row and by their grave acts alone; the running year as far as the ledger goes."""
    from models.outcome.robustness import deep_labels

    newest, first = load_evidence(newest_edition().searched_until), last_whole_year(evidence().as_of)
    years = range(first, newest.as_of.year + 1)
    return copied("deep years", (newest.digest, first), lambda: deep_labels(newest.events, years))


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
        return copied("prior predictive", (assumptions.digest, evidence().digest), make)


def posterior_predictive(fit: AlignmentFit) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Recorded against replicated: intensity bands, and yearly means."""
    from models.alignment.posterior_predictive import band_check, year_check

    known = evidence()

    def make() -> tuple[pd.DataFrame, pd.DataFrame]:
        return band_check(fit, known, seed=0), year_check(fit, known, seed=0)

    with st.spinner("Letting the model write the ledger again."):
        return copied("posterior predictive", (fit.key,), make)


def engine_study() -> tuple[Fields, pd.DataFrame] | None:
    """The archived held-out study of the engine: what it was about, and one row a setting; None when it is of another
    library than the present one."""
    key = library().key
    return copied("engine study", (key,), lambda: read_engine_study(STUDY, key, fitted_libraries()))


def study(name: str) -> Study:
    """An archived study by its name in `models.verdicts.studies`, its tables read once."""
    version = Version.present(evidence())
    folder = ARCHIVES / name
    return shared("study", (str(folder), version.evidence), lambda: read_study(name, folder, version))
