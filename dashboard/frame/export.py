"""Files that are made on a click, each counted: making one takes seconds, and a stranger could ask for thousands."""

from collections.abc import Callable

import streamlit as st

from dashboard.roles import gate
from dashboard.roles.actions import Action
from dashboard.roles.people import person
from dashboard.wording.people.who import NO_FILES


def download(label: str, make: Callable[[], bytes], **options: object) -> None:
    """A download whose file is made when it is pressed; switched off, with the reason, for who has had too many."""
    someone = person()
    reason = gate.spent(someone, Action.EXPORT)

    def made() -> bytes:
        gate.require(someone, Action.EXPORT)
        gate.spend(someone, Action.EXPORT)
        return make()

    if reason:
        options |= {"disabled": True, "help": f"{NO_FILES} {reason}"}
    st.download_button(label, made, on_click="ignore", icon=":material/download:", **options)
