"""An address to hand on: shown in full, and copied by a button that says so."""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit import config

COPY, COPIED = "Copy link", "Copied"


def page_address(page: str, said: Sequence[tuple[str, str]] = ()) -> str:
    """The address of a page of this server as the browser has the server; empty where the browser did not say.

    Its own `st.context.url` is of the page before while another one opens, and ends in “track_” where “track_record”
    was that page and “record” is one, too.

    Parameters
    ----------
    page : str
        Path of the page; empty for the first one.
    said : sequence of (str, str)
        What the link says.
    """
    here = urlsplit(st.context.url or "")
    if not here.netloc:
        return ""
    prefix = str(config.get_option("server.baseUrlPath") or "").strip("/")
    path = "/".join(part for part in (prefix, page) if part)
    query = f"?{urlencode(said)}" if said else ""
    return f"{here.scheme}://{here.netloc}/{path}{query}"


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
