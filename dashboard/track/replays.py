"""Track record: history replayed into the record: asked first, written with progress, stopped by a click."""

from collections.abc import Sequence

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import store
from dashboard.cache.shelves import Shelf
from dashboard.frame import page as frame
from dashboard.frame import selectors
from dashboard.roles import gate
from dashboard.roles.actions import Action
from dashboard.track.data import doubtful
from dashboard.wording.saved.replays import STOPPED, replay_done, replay_label, replay_question
from models.track.replay import ORIGINS, answers_to_come, missing_origins

ASKING, RUNNING, TOLD = "track:replay:asking", "track:replay:running", "track:told"


def offer(shelf: Shelf) -> None:
    """The button, while there is something left to replay."""
    if missing := missing_origins(shelf.listing.forecasts):
        label = replay_label(len(missing), len(ORIGINS))
        st.button(label, key="track:replay", on_click=_ask, icon=":material/history:")


def ask(shelf: Shelf) -> None:
    """Say what would be written, and write it only when that is wanted. Any click stops it, and nothing is lost."""
    state, missing = st.session_state, missing_origins(shelf.listing.forecasts)
    if state.pop(RUNNING, False):
        state.pop(ASKING, None)
        selectors.reveal_replays()
        st.warning(STOPPED, icon=":material/front_hand:")
    if not (missing and state.get(ASKING)):
        return
    listing = shelf.listing
    answers = answers_to_come(listing.forecasts, listing.resolutions, cache.evidence(), missing)
    with st.container(border=True):
        st.markdown(f"**Replay history?** {replay_question(len(missing), answers)}")
        with st.container(horizontal=True):
            wanted = st.button("Write them", key="track:replay:go", type="primary", icon=":material/history:")
            st.button("Cancel", key="track:replay:cancel", on_click=_close, icon=":material/close:")
        if wanted:
            with frame.shown_errors():
                state[TOLD] = _write(missing)
                state.pop(ASKING, None)
                selectors.reveal_replays()
                st.rerun()


def _ask() -> None:
    st.session_state[ASKING] = True


def _close() -> None:
    st.session_state.pop(ASKING, None)


def _write(missing: Sequence[int]) -> str:
    """Write them one by one: between two of them a click is heard, and the record is whole."""
    from models.track.replay import append, read_archive

    state = st.session_state
    bar = st.progress(0.0, "Reading the archive.")
    past = {year: (archived, {}) for year, archived in read_archive().items() if year in missing}
    state[RUNNING] = True
    try:
        with gate.passing(Action.REPLAY):
            saved, resolved = append(
                store.record(),
                past,
                cache.evidence(),
                doubtful(),
                lambda done, planned, text: bar.progress(done / planned, text),
            )
    except Exception:
        state.pop(RUNNING, None)  # told as the error that it is, not as stopped
        raise
    state.pop(RUNNING, None)
    return replay_done(saved, resolved)
