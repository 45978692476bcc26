"""Who somebody is here, and the way in and out: in the sidebar of every page that others can reach."""

import streamlit as st
from streamlit.auth_util import is_authlib_installed

from dashboard.frame.plain_markdown import plain
from dashboard.roles import assigned
from dashboard.roles.people import person
from dashboard.wording.people.who import NO_LIBRARY, SIGN_IN, SIGN_OUT, who_sentence


def show() -> None:
    """One sentence and a button; nothing at the machine itself, where everybody may do everything."""
    someone = person()
    if someone.here:
        return
    st.caption(plain(who_sentence(someone.author, someone.role.word, someone.expired)))
    if not assigned.signing_in():
        return
    if not is_authlib_installed():
        st.warning(NO_LIBRARY)
    elif someone.signed_in:
        st.button(SIGN_OUT, key="sign-out", icon=":material/logout:", on_click=st.logout)
    else:
        st.button(SIGN_IN, key="sign-in", icon=":material/login:", on_click=st.login)
