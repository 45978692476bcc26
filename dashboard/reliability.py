"""How far the shown numbers can be trusted, in words, and the refit that makes them exact."""

import streamlit as st

from dashboard import cache, controls, wording
from dashboard.frame import plain
from dashboard.jobs import Job
from models.assumptions import Assumptions
from models.errors import FitError
from models.forecast import Forecast

POLL_SECONDS = 1.0


def show(forecast: Forecast) -> None:
    """Badge, reason and, where re-weighting is not enough, the offer to refit."""
    weights = forecast.weights
    told = wording.weights_sentence(forecast.status, weights.ess, weights.pareto_k)
    worst = float(forecast.table.loc[forecast.table["output_type"] == "mcse", "value"].max())
    text = f"{plain(told)} {plain(wording.doubt_sentence(worst))}"
    terms = "\n\n".join(
        f"**{term}.** {wording.define(term)}"
        for term in ("reweighting", "refit", "Pareto k", "effective sample size", "Monte Carlo error")
    )
    if forecast.status == "poor":
        st.warning(f"**Do not rely on these numbers yet.** {text}", icon=":material/error:")
    elif forecast.status == "fair":
        st.info(text, icon=":material/info:")
    else:
        st.caption(f":material/verified: {text}", help=terms)
    _refit(forecast)


def _refit(forecast: Forecast) -> None:
    """Everything about a refit of the setting on screen: offer, progress, cancel, verdict."""
    job = cache.refits().status(controls.view().job)
    same = job is not None and job.key == cache.refit_key(forecast.assumptions)
    if job and job.state == "running":
        _progress("Refit" if same else "Refit of another setting")
    elif same and job.state in ("failed", "cancelled", "superseded"):
        st.warning(f"Refit {job.state}. {plain(job.message)}", icon=":material/sync_problem:")
    elif controls.view().job and job is None:
        st.caption("The refit named in this link is not known here; it ran on another computer or was cleared away.")
    found = cache.refit(forecast.assumptions)
    if found and found.problem:
        rejected = f"The refit was not accepted. {plain(found.problem)} The numbers shown are re-weighted ones."
        st.warning(rejected, icon=":material/gpp_bad:")
    if forecast.status in ("fair", "poor", "good") and not (job and job.state == "running"):
        prominent = forecast.status != "good"
        st.button(
            "Refit under these assumptions",
            key="refit",
            type="primary" if prominent else "tertiary",
            icon=":material/refresh:",
            help=wording.define("refit"),
            on_click=_start,
            args=(forecast.assumptions,),
        )


@st.fragment(run_every=POLL_SECONDS)
def _progress(name: str) -> None:
    """A bar that moves on its own; at the end the whole page is drawn again, with the new fit."""
    job = cache.refits().status(controls.view().job)
    if job is None or job.state != "running":
        st.rerun()
        return
    st.progress(job.done, text=f"{name}: {plain(job.message)} The page stays usable meanwhile.")
    st.button("Cancel the refit", key="cancel", icon=":material/cancel:", on_click=_cancel, args=(job,))


def _start(assumptions: Assumptions) -> None:
    try:
        job = cache.refits().start(cache.refit_key(assumptions), assumptions.values)
    except FitError as error:
        controls.tell(str(error))
    else:
        controls.watch(job.id)


def _cancel(job: Job) -> None:
    cache.refits().cancel(job.id)
