"""Answers to programs, kept by everything they depend on, so that the second one who asks gets the same bytes."""

from collections.abc import Callable

import streamlit as st

KEPT = 64
"""At up to some 300 kB each."""


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def kept[T](what: str, key: tuple[object, ...], _make: Callable[[], T]) -> T:  # noqa: ARG001 (they name the entry)
    """An answer, by its name and everything it depends on."""
    return _make()
