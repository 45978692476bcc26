"""How far the shown numbers can be trusted, in words, and the refit that mends them when that is not far enough."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.frame import page as frame
from dashboard.frame.page import plain
from dashboard.frame.terms import linked
from dashboard.roles import gate
from dashboard.roles.actions import Action, RoleError
from dashboard.roles.people import person
from dashboard.settings import controls, reasons, session
from dashboard.wording.chances import doubt_sentence
from dashboard.wording.first.change import QUIET, moved_sentence, moves
from dashboard.wording.first.trust import STARTING, Stale, reason, record_badge, stale
from dashboard.wording.forecast import weights_sentence
from dashboard.wording.glossary import define
from dashboard.wording.models import members_sentence
from dashboard.wording.numerals import sentence_case
from dashboard.wording.people import who as people
from dashboard.wording.support import refit_sentence, support_sentence
from models.assumptions.setting import Assumptions
from models.errors import FitError
from models.forecast.cells import cells
from models.forecast.results import Forecast
from models.names import MODEL_M1
from models.refits.question import expected, refit_key
from models.refits.queue import OWNED_BY, UNKNOWN_KEY, Job
from models.weighting.status import Status

POLL_SECONDS = 1.0
READERS = 1
"""Priority of what readers ask for: after every forecaster’s."""
WITHIN = "progress:within"
"""Whether the bar is drawn by the page and not by its own clock."""
TERMS = "".join(
    f"\n\n**{term}.** {define(term)}"
    for term in ("reweighting", "refit", "Pareto k", "effective sample size", "Monte Carlo error")
)
"""What the words of the badge’s details mean."""
ENDED_BADLY = ("failed", "cancelled", "superseded", "rejected")


def shown(forecast: Forecast) -> Forecast:
    """The forecast to put on the page: this one, or the last one that could be trusted while this one cannot be."""
    if forecast.status != Status.POOR:
        session.remember_trusted()
        return forecast
    return cache.forecast(session.last_trusted())


def struck(wanted: Forecast, forecast: Forecast) -> Stale | None:
    """Whose numbers stand on the page, where they are not those of the setting on the sliders."""
    if wanted is forecast:
        return None
    return stale(at_start=forecast.assumptions.is_default, from_link=not controls.account().history.past)


def show(forecast: Forecast) -> Callable[[], None]:
    """Badges in a row, the reason below them with what was moved, and the refit where re-weighting is not enough.

    Returns
    -------
    callable
        Draws the progress of a refit; to be called when all else stands. It runs every second from then on, and where
        one such run waits for the end of the one that drew it, the browser keeps widgets that are drawn no more.
    """
    job, same = _job(forecast)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="trust"):
        frame.trust_badge(forecast.status, plain(_details(forecast)) + TERMS)
        if forecast.assumptions.is_default:
            frame.badge(STARTING)
        else:
            support = cache.support(forecast)
            frame.badge(record_badge(support), f"{plain(support_sentence(support))}\n\n{define('compatibility')}")
        _offer(forecast, job, same)
    with st.container(key="moved"):  # two lines of room, whatever was moved
        moved, every = moved_sentence(forecast.assumptions), moves(forecast.assumptions)
        st.markdown(linked(_reason(forecast), "refit"))
        if moved:
            little = f" {QUIET}" if _claims_are_quiet(forecast.assumptions) else ""
            st.markdown(plain(f"{moved}{little}"), help="\n".join(f"- {plain(move)}" for move in every))
    place = st.container()
    _ended(forecast, job, same)
    _verdict(forecast)
    return lambda: _drawn_progress(job, same, place)


def _claims_are_quiet(assumptions: Assumptions) -> bool:
    """Whether a claim was moved where claims weigh little."""
    claim = any(assumptions.knobs[key].group == "claim" for key in assumptions.changed)
    return claim and reasons.kind(assumptions) == reasons.Answer.EVIDENCE


def _details(forecast: Forecast) -> str:
    """What the badge rests on, for who asks: how the numbers came about, and how far simulating again moves them."""
    weights = forecast.weights
    return f"{weights_sentence(forecast.status, weights.ess, weights.pareto_k)} {doubt_sentence(_worst(forecast))}"


def _reason(forecast: Forecast) -> str:
    if forecast.unchecked:
        return f"{sentence_case(forecast.unchecked)}."
    if forecast.status.sure or _refit_helps(forecast):
        return reason(forecast.status, _worst(forecast))
    return members_sentence([model for model, status in forecast.statuses.items() if status == forecast.status])


def _worst(forecast: Forecast) -> float:
    return cells(forecast.table).worst_error


def _refit_helps(forecast: Forecast) -> bool:
    """Whether it is the latent alignment, the one model that is refitted, whose numbers are shaky: the
    setting's own, and not those of a whole library that was not checked."""
    return not (forecast.unchecked or forecast.statuses.get(MODEL_M1, Status.EXACT).sure)


def _job(forecast: Forecast) -> tuple[Job | None, bool]:
    """The refit in the link and whether it is of this setting; started where it is needed for the first time."""
    key = refit_key(cache.evidence_of(forecast), forecast.assumptions)
    job = cache.refits().status(controls.view().job)
    same = job is not None and job.key == key
    newest = forecast.reference_date == reference.newest()
    if newest and _refit_helps(forecast) and not same and gate.may(Action.REFIT) and session.first_need(key):
        return _start(forecast), True
    return job, same


def _offer(forecast: Forecast, job: Job | None, same: bool) -> None:
    """The button of a refit, where one can be made."""
    newest = forecast.reference_date == reference.newest()
    if newest and forecast.status != Status.EXACT and not (job and job.live and same):
        needed, free = _refit_helps(forecast), gate.may(Action.REFIT)
        if not (free or needed):  # a reader's few are for numbers that are struck
            return
        st.button(
            "Refit" if free else people.ASK_REFIT,
            key="refit",
            type="primary" if needed else "tertiary",
            icon=":material/refresh:",
            help=define("refit") if free else f"{define('refit')}\n\n{people.ASK_REFIT_HELP}",
            on_click=_start,
            args=(forecast,),
        )


def _ended(forecast: Forecast, job: Job | None, same: bool) -> None:
    """How the refit in the link ended, where it ended badly or is not known here."""
    key = refit_key(cache.evidence_of(forecast), forecast.assumptions)
    if job and job.state in ENDED_BADLY and (same or (job.key == UNKNOWN_KEY and not cache.refits().result(key))):
        st.warning(f"Refit {job.state}. {plain(job.message)}", icon=":material/sync_problem:")
    elif controls.view().job and job is None:
        st.markdown("The refit named in this link is not known here; it ran on another computer or was cleared away.")
    if forecast.reference_date != reference.newest():
        st.markdown("Refits are made on the newest evidence only.")


def _drawn_progress(job: Job | None, same: bool, place: DeltaGenerator) -> None:
    if job and job.live:
        with place.container(key="refit-progress"):
            st.session_state[WITHIN] = True
            _progress("Refit" if same else "Refit of another setting")
            st.session_state[WITHIN] = False


def _verdict(forecast: Forecast) -> None:
    """What a refit of this very setting says about the numbers on screen."""
    gap = cache.refit_gap(forecast)
    if gap is not None:
        st.markdown(f":material/fact_check: {plain(refit_sentence(gap))}", help=define("refit"))


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
    if gate.may(Action.CANCEL):
        st.button(people.STOP_REFIT, key="cancel", icon=":material/cancel:", on_click=_cancel, args=(job,))
    elif owner() in job.owners:
        st.button(people.LEAVE_REFIT, key="cancel", icon=":material/cancel:", on_click=_leave, args=(job,))


def _start(forecast: Forecast) -> Job | None:
    key, values = refit_key(cache.evidence_of(forecast), forecast.assumptions), forecast.assumptions.values
    free = gate.may(Action.REFIT)
    try:
        with gate.passing(Action.REFIT if free else Action.ASK_REFIT):
            asked = expected(forecast)
            job = cache.refits().start(key, values, owner=owner(), expected=asked, priority=0 if free else READERS)
    except (FitError, RoleError) as error:
        controls.tell(str(error))
        return None
    controls.watch(job.id)
    return job


def owner() -> str:
    """Under which name this session asks: the person's before the session's, so that people take turns."""
    return f"{person().key}{OWNED_BY}{session.visitor()}".removeprefix(OWNED_BY)


def _cancel(job: Job) -> None:
    try:
        with gate.passing(Action.CANCEL):
            cache.refits().cancel(job.id)
    except (FitError, RoleError) as error:
        controls.tell(str(error))


def _leave(job: Job) -> None:
    """Do without a refit that this session asked for: what others asked for, too, goes on for them."""
    try:
        with gate.passing(Action.ASK_REFIT, counted=False):
            cache.refits().leave(job.id, owner())
    except (FitError, RoleError) as error:
        controls.tell(str(error))
