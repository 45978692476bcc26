"""How far the shown numbers can be trusted, in words, and the refit that mends them when that is not far enough."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.frame.page import plain
from dashboard.settings import controls, session
from dashboard.wording.chances import doubt_sentence
from dashboard.wording.forecast import weights_sentence
from dashboard.wording.glossary import define
from dashboard.wording.models import members_sentence
from dashboard.wording.numerals import sentence_case
from dashboard.wording.support import refit_sentence, support_sentence
from models.errors import FitError
from models.forecast.cells import cells
from models.forecast.results import Forecast
from models.names import MODEL_M1
from models.refits.question import expected, refit_key
from models.refits.queue import UNKNOWN_KEY, Job
from models.weighting.status import Status

POLL_SECONDS = 1.0
WITHIN = "progress:within"
"""Whether the bar is drawn by the page and not by its own clock."""
ENDED_BADLY = ("failed", "cancelled", "superseded", "rejected")


def shown(forecast: Forecast) -> Forecast:
    """The forecast to put on the page: this one, or the last one that could be trusted while this one cannot be."""
    if forecast.status != Status.POOR:
        session.remember_trusted()
        return forecast
    return cache.forecast(session.last_trusted())


def show(forecast: Forecast) -> Callable[[], None]:
    """Badge, reason and, where re-weighting is not enough, the refit.

    Returns
    -------
    callable
        Draws the progress of a refit; to be called when all else stands. It runs every second from then on, and where
        one such run waits for the end of the one that drew it, the browser keeps widgets that are drawn no more.
    """
    reason = _trust_text(forecast)
    worst = cells(forecast.table).worst_error
    text = f"{plain(reason)} {plain(doubt_sentence(worst))}"
    terms = "\n\n".join(
        f"**{term}.** {define(term)}"
        for term in ("reweighting", "refit", "Pareto k", "effective sample size", "Monte Carlo error")
    )
    if forecast.status == Status.POOR:
        st.warning(f"**These assumptions have no numbers yet.** {plain(reason)}", icon=":material/error:")
    elif forecast.status == Status.FAIR:
        st.info(text, icon=":material/info:")
    else:
        st.caption(f":material/verified: {text}", help=terms)
    if not forecast.assumptions.is_default:
        _support(forecast)
    return _refit(forecast)


def _trust_text(forecast: Forecast) -> str:
    weights = forecast.weights
    if forecast.unchecked:
        told = weights_sentence(forecast.status, weights.ess, weights.pareto_k)
        return f"{sentence_case(forecast.unchecked)}. {told}"
    if forecast.status.sure or _refit_helps(forecast):
        return weights_sentence(forecast.status, weights.ess, weights.pareto_k)
    return members_sentence([model for model, status in forecast.statuses.items() if status == forecast.status])


def _refit_helps(forecast: Forecast) -> bool:
    """Whether it is the latent alignment, the one model that is refitted, whose numbers are shaky: the
    setting's own, and not those of a whole library that was not checked."""
    return not (forecast.unchecked or forecast.statuses.get(MODEL_M1, Status.EXACT).sure)


def _support(forecast: Forecast) -> None:
    sentence = support_sentence(cache.support(forecast))
    st.caption(f":material/balance: {plain(sentence)}", help=define("compatibility"))


def _refit(forecast: Forecast) -> Callable[[], None]:
    """Everything about a refit of the setting on screen: started where needed, offered elsewhere, verdict; what draws
    its progress."""
    key = refit_key(cache.evidence_of(forecast), forecast.assumptions)
    job = cache.refits().status(controls.view().job)
    same = job is not None and job.key == key
    newest = forecast.reference_date == reference.newest()
    if newest and _refit_helps(forecast) and not same and session.first_need(key):
        job, same = _start(forecast), True
    place = st.container()
    if job and job.state in ENDED_BADLY and (same or (job.key == UNKNOWN_KEY and not cache.refits().result(key))):
        st.warning(f"Refit {job.state}. {plain(job.message)}", icon=":material/sync_problem:")
    elif controls.view().job and job is None:
        st.caption("The refit named in this link is not known here; it ran on another computer or was cleared away.")
    _verdict(forecast)
    if not newest:
        st.caption("Refits are made on the newest evidence only.")
    elif forecast.status != Status.EXACT and not (job and job.live and same):
        st.button(
            "Refit under these assumptions",
            key="refit",
            type="primary" if _refit_helps(forecast) else "tertiary",
            icon=":material/refresh:",
            help=define("refit"),
            on_click=_start,
            args=(forecast,),
        )
    return lambda: _drawn_progress(job, same, place)


def _drawn_progress(job: Job | None, same: bool, place: DeltaGenerator) -> None:
    if job and job.live:
        with place:
            st.session_state[WITHIN] = True
            _progress("Refit" if same else "Refit of another setting")
            st.session_state[WITHIN] = False


def _verdict(forecast: Forecast) -> None:
    """What a refit of this very setting says about the numbers on screen."""
    gap = cache.refit_gap(forecast)
    if gap is not None:
        st.caption(f":material/fact_check: {plain(refit_sentence(gap))}", help=define("refit"))


@st.fragment(run_every=POLL_SECONDS)
def _progress(name: str) -> None:
    """A bar that moves on its own; at the end the whole page is drawn again, with the new fit.

    It is once before: where a run of the bar follows hard on that of a move, the browser puts back the widgets that the
    move had replaced, and only a run of the whole page takes them away.
    """
    job = cache.refits().status(controls.view().job)
    within = st.session_state.get(WITHIN, False)
    if job is None or not job.live or (not within and session.first_redraw()):
        st.rerun()
        return
    queue = f" Number {job.place} in the queue." if job.place else ""
    st.progress(job.done, text=f"{name}: {plain(job.message)}{queue} The page stays usable meanwhile.")
    st.button("Cancel the refit", key="cancel", icon=":material/cancel:", on_click=_cancel, args=(job,))


def _start(forecast: Forecast) -> Job | None:
    key, values = refit_key(cache.evidence_of(forecast), forecast.assumptions), forecast.assumptions.values
    try:
        job = cache.refits().start(key, values, owner=session.visitor(), expected=expected(forecast))
    except FitError as error:
        controls.tell(str(error))
        return None
    controls.watch(job.id)
    return job


def _cancel(job: Job) -> None:
    try:
        cache.refits().cancel(job.id)
    except FitError as error:
        controls.tell(str(error))
