"""Words for the engine's held-out study. Pure."""

from types import MappingProxyType

import pandas as pd

from models.weighting.status import Status

BADGES = MappingProxyType(
    {"good": "Green: use the numbers", "fair": "Amber: refit to quote", "poor": "Red: no numbers shown"}
)
KIND_LABELS = MappingProxyType({"single": "One assumption moved", "triple": "Three moved", "all": "All moved"})


def study_sentence(settings: pd.DataFrame) -> str:
    """What the study found, in two sentences.

    Parameters
    ----------
    settings : DataFrame
        Columns ``kind, status, error`` (0-1).
    """
    green = settings[settings["status"] == Status.GOOD]
    if green.empty:
        return f"None of {len(settings)} settings fitted from scratch was green."
    shares = "; ".join(
        f"{KIND_LABELS[kind].lower()}, {100 * (part['status'] == Status.GOOD).mean():.0f} % green"
        for kind, part in settings.groupby("kind", sort=False)
    )
    return (
        f"{len(settings)} settings that the library had not seen were fitted from scratch. Where the badge was green "
        f"({len(green)} of them; {shares}), the engine was off by {100 * green['error'].mean():.1f} points on average "
        f"and {100 * green['error'].max():.1f} at worst, after the refit's own error."
    )
