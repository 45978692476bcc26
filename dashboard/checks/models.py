"""Checks, second question: do the models say sensible things before the evidence, about it, and of the past?"""

from collections.abc import Mapping

import streamlit as st

from dashboard.cache import checks as archive
from dashboard.cache import forecasts as cache
from dashboard.checks import selectors
from dashboard.checks.frame import every_check, hindcast_badge, lazy, noted, outcome, rows
from dashboard.figures.calibration import reliability_curve
from dashboard.figures.checks import predictive_check, robustness_bars
from dashboard.figures.evidence import history_labels
from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.settings import controls
from dashboard.tables.checks import certificate_table, robustness_table
from dashboard.tables.evidence import label_table
from dashboard.tables.studies import curve_table
from dashboard.wording.backtest import reliability_sentence
from dashboard.wording.checks import deep_sentence, predictive_sentence, robustness_sentence
from dashboard.wording.evidence import history_sentence
from dashboard.wording.glossary import define
from dashboard.wording.labels import MODEL_LABELS, STATE_LABELS
from dashboard.wording.pictures.card import slug
from dashboard.wording.verdicts import Card, models_card
from data.editions.edition import newest_edition
from models.assumptions.setting import Assumptions
from models.fits.certificate import Diagnostics
from models.names import MEMBERS, MODEL_M1, MODEL_M3
from models.outcome.robustness import within_limits
from models.verdicts.facts import curve_shares, share_inside
from models.verdicts.gates import quick_gates, regimes_gate
from models.verdicts.studies import BACKTEST

SHARES = "Labels that flip", "Allowed", "From", "To", "Without a label"
TITLES = "Share of recorded acts in each band of intensity", "Mean intensity of each year"


def gates(assumptions: Assumptions) -> Mapping[str, Diagnostics]:
    """What each model's priors must pass before any evidence is read, in the order of the models."""
    evidence, stickiness = cache.evidence(), assumptions.values["stickiness"]
    flagship, _ = archive.prior_predictive(assumptions)
    with st.spinner("Asking every model's priors alone."):
        quick = cache.copied("gates", (assumptions.digest,), lambda: dict(quick_gates(evidence, assumptions)))
        regimes = cache.copied("regimes gate", (stickiness,), lambda: regimes_gate(evidence, stickiness))
    checks = quick | {MODEL_M1: flagship, MODEL_M3: regimes}
    return {model: Diagnostics(checks=tuple(checks[model])) for model in MEMBERS}


def answer() -> Card:
    """The second question's answer."""
    passed = {model: gate.passed for model, gate in gates(controls.current()).items()}
    inside = share_inside(archive.posterior_predictive(cache.base_fit()))
    study, firm = archive.study(BACKTEST), within_limits(archive.robustness())
    curves = curve_shares(study.tables["reliability"]) if study.present else None
    return models_card(passed, inside, (int(firm.sum()), len(firm)), curves)


@st.fragment
def show() -> None:
    """Its section."""
    _priors()
    left, right = st.columns(2, gap="medium")
    with left:
        _posterior()
    with right:
        _reliability()
    _curves()
    _labels()


def _priors() -> None:
    certificates = gates(controls.current())
    st.markdown("### What would the priors alone forecast?", help=define("prior predictive check"))
    passed = sum(gate.passed for gate in certificates.values())
    outcome(
        passed, len(certificates), "models pass every check of their priors, under the assumptions as you have set them"
    )
    with lazy("Every check of the priors", "priors") as opened:
        if not opened.open:
            return
        named = {MODEL_LABELS[model]: gate for model, gate in certificates.items()}
        st.table(certificate_table("Model", named).set_index("Result"))
        every_check(named)
        st.markdown(f"**All prior chances of the {MODEL_LABELS[MODEL_M1].lower()}**")
        _chances(archive.prior_predictive(controls.current())[1])


def _chances(table) -> None:
    shares = {name: 100 * table[name] for name in ("mean", "q05", "q95")}
    named = table.assign(state=table["state"].map(STATE_LABELS), **shares)
    names = {"horizon": "Years ahead", "state": "State", "mean": "Mean chance", "q05": "From", "q95": "To"}
    rows(named.rename(columns=names), dict.fromkeys(("Mean chance", "From", "To"), "%.0f %%"))


def _posterior() -> None:
    st.markdown("### Would the model write this ledger?", help=define("posterior predictive check"))
    fit = cache.base_fit()
    bands, years = archive.posterior_predictive(fit)
    _predictive(years, TITLES[1], fit.key)
    with lazy("By band of intensity", "bands") as opened:
        if opened.open:
            _predictive(bands, TITLES[0], fit.key)


def _predictive(check, title: str, key: str) -> None:
    spec = cache.copied(title, (key,), lambda: predictive_check(check, title))
    frame.chart(spec, predictive_sentence(check), picture=frame.Picture(name=slug(title), title=title))


def _reliability() -> None:
    st.markdown("### Do the chances come true?", help=define("reliability"))
    study = archive.study(BACKTEST)
    if not noted(study):
        return
    hindcast_badge()
    table = study.tables["reliability"]
    curves = curve_shares(table)
    models = list(table["model_id"].unique())
    model, state = selectors.curve(models, (curves["model_id"].iloc[0], curves["state"].iloc[0]))
    own = table[(table["model_id"] == model) & (table["state"] == state)]
    spec = cache.copied("reliability", (*study.key, model, state), lambda: reliability_curve(own))
    told = frame.Picture(name="reliability", title="Do the chances come true?")
    frame.chart(spec, reliability_sentence(own), picture=told)


def _curves() -> None:
    study = archive.study(BACKTEST)
    if not study.present:
        return
    with lazy("Every reliability curve", "curves") as opened:
        if opened.open:
            table = curve_table(curve_shares(study.tables["reliability"]))
            rows(table, {"Outside the band": "%.0f %%"})


def _labels() -> None:
    with lazy("How firm are the labels of history?", "labels") as opened:
        if not opened.open:
            return
        history, robustness = cache.history(), archive.robustness()
        spec = cache.copied("history", (), lambda: history_labels(history))
        told = frame.Picture(name="labels", title="The state of every year-end")
        frame.chart(spec, history_sentence(history), picture=told)
        tone = st.column_config.NumberColumn(format="%.2f", help=define("tone"))
        grid(label_table(history), column_config={"Tone": tone}, height=320)
        spec = cache.copied("robustness", (), lambda: robustness_bars(robustness))
        title = "If the rule or the ledger were a little different"
        frame.chart(spec, robustness_sentence(robustness), title, define("robustness"))
        st.markdown(deep_sentence(archive.deep_years(), newest_edition().searched_until))
        rows(robustness_table(robustness), dict.fromkeys(SHARES, "%.0f %%"))
