"""Widgets of a comparison that choose what to look at; they change no number."""

from collections.abc import Sequence

import streamlit as st

from dashboard.wording.change import BY_HELP, BY_LABELS
from models.change.game import By


def by() -> By:
    """Whether the same year-ends are compared, or as many years ahead."""
    return st.segmented_control(
        "Compare",
        tuple(BY_LABELS),
        default="date",
        required=True,
        key="change:by",
        format_func=BY_LABELS.__getitem__,
        help=BY_HELP,
    )


def year_end(days: Sequence[str], horizons: Sequence[int], by: By) -> str:
    """Which year-end the chart and the sentence are about, an ISO date.

    Parameters
    ----------
    days : sequence of str
        ISO dates to choose from, of the newer forecast.
    horizons : sequence of int
        How many years ahead each of them is.
    """
    ahead = dict(zip(days, horizons, strict=True))
    return st.segmented_control(
        "Year-end" if by == "date" else "Years ahead",
        tuple(days),
        default=days[min(2, len(days) - 1)],
        required=True,
        key=f"change:day:{by}:{'/'.join(days)}",
        format_func=lambda day: day[:4] if by == "date" else str(ahead[day]),
    )
