"""An address to hand on: shown in full, and copied by a button that says so."""

from html import escape

import streamlit as st

COPY, COPIED = "Copy link", "Copied"


def link(address: str) -> None:
    """The address with its button.

    The browser copies by itself (`dashboard/frame/live.html`): a run of the page would come too late, since a browser
    lets only the click write to the clipboard.
    """
    button = (
        f'<button type="button" class="copies" aria-live="polite" data-copies="{escape(address)}" '
        f'data-done="{COPIED}">{COPY}</button>'
    )
    st.html(button)
    st.code(address, language=None, wrap_lines=True)
