"""Words for one knob: what the evidence did to it, where its driver stands, and how far it moves a chance. Pure."""

from collections.abc import Mapping

import pandas as pd

from dashboard.wording.chances import percent
from dashboard.wording.numerals import minus, sentence_case, share
from dashboard.wording.sensitivity import BELIEFS
from data.digest import Fields

VERDICTS: Mapping[str, str] = {
    **{word: f"{sentence_case(word)}: {meaning}." for word, meaning in BELIEFS.items()},
    "setting": "A setting, not an unknown of the latent alignment: what the evidence says about it is not shown here.",
}
"""What the verdicts of `models.forecast.learning.knob_learning` mean for a reader."""


def learning_sentence(row: Fields) -> str:
    """What the evidence did to one knob: a row of `models.forecast.learning.knob_learning`."""
    verdict = str(row["verdict"])
    if verdict == "setting":
        return VERDICTS[verdict]
    before, after = float(row["prior_centre"]), float(row["posterior_centre"])
    width = 1 - float(row["posterior_sd"]) / float(row["prior_sd"])
    same = f"{before:.2f}" == f"{after:.2f}"
    moved = minus(f"left it at {before:.2f}" if same else f"moved it from {before:.2f} to {after:.2f}")
    narrowed = f"{'narrowed' if width > 0 else 'widened'} the doubt by {share(abs(width))}"
    doubt = "left the doubt as it was" if share(abs(width)) == "0 %" else narrowed
    return f"The evidence {moved} and {doubt}. {VERDICTS[verdict]}"


def driver_sentence(title: str, value: float, note: str, direction: int) -> str:
    """Where a claim's driver stands at the reference date, and so which way a stronger claim pushes.

    Parameters
    ----------
    value : float
        Standard deviations from its 1992-2020 mean, as the forecast uses it.
    note : str
        "observed", "carried from YEAR" or "masked" (`models.measures.drivers.DriverTable.origin_note`).
    direction : int
        +1 or -1, the claimed sign.
    """
    if note == "masked":
        return f"Driver: {title}. It is not observed near the reference date and pushes nothing now."
    when = "" if note == "observed" else f" ({note})"
    push = "up" if value * direction > 0 else "down"
    side = "above" if value > 0 else "below"
    return (
        f"Driver: {title}. It stands {abs(value):.1f} standard deviations {side} its usual value{when}, "
        f"so a stronger claim pushes the relationship {push} now."
    )


def knobs_sentence(effects: pd.DataFrame, base: float, what: str) -> str:
    """Which knob moves a probability most over its whole range.

    Parameters
    ----------
    effects : DataFrame
        Columns ``key, label, low, high``: the probability with the knob at its lowest and highest value.
    base : float
        The probability under the present assumptions.
    what : str
        The outcome in words, such as “Rupture on 31 December 2027”.
    """
    width = (effects["high"] - effects["low"]).abs()
    top = effects.loc[width.idxmax()]
    idle = int((width < 0.01).sum())
    quiet = f" {idle} of {len(effects)} knobs move it by less than one point." if idle else ""
    return (
        f"{what} stands at {percent(base)}. “{top['label']}” moves it most: from {percent(top['low'])} at the slider’s "
        f"lowest value to {percent(top['high'])} at its highest.{quiet}"
    )
