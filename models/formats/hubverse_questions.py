"""The questions of an exported hub, as the hubs describe targets."""

from collections.abc import Mapping

from data.values import frozen
from models.names import (
    STATES,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
    TARGET_YEAR_MEAN,
    TARGET_YEAR_WORD,
    YEAR_WORDS,
)

TARGET_SIGNPOST = "signpost"
SIGNPOST_ID = "signpost_id"
"""Task id of a hub that asks about signposts: which one, and `NO_ID` of every other target."""
NO_ID = "NA"
"""How hubs write in a table that there is none."""
YES_NO = ("no", "yes")
"""Low to high, as the hubs want the categories listed."""


@frozen
class HubQuestion:
    """One target as the hubs describe it.

    Attributes
    ----------
    categories : tuple of str
        From low to high; none of a number.
    kind : str
        "ordinal", "binary" or "continuous".
    """

    target: str
    name: str
    meaning: str
    kind: str
    categories: tuple[str, ...]


QUESTIONS = (
    HubQuestion(
        target=TARGET_STATE,
        name="State of the China-Russia space relationship at the year-end",
        meaning="One of four exclusive states on the target end date, by the outcome rule of this project.",
        kind="ordinal",
        categories=STATES,
    ),
    HubQuestion(
        target=TARGET_RUPTURE,
        name="At least one rupture year-end by the target end date",
        meaning="Yes if a year-end after the reference date, up to the target end date, is labelled rupture.",
        kind="binary",
        categories=YES_NO,
    ),
    HubQuestion(
        target=TARGET_DEEPER,
        name="At least one deeper-cooperation year-end by the target end date",
        meaning="Yes if a year-end after the reference date, up to the target end date, is labelled deeper.",
        kind="binary",
        categories=YES_NO,
    ),
    HubQuestion(
        target=TARGET_YEAR_MEAN,
        name="Mean intensity of the acts of the year that ends on the target end date",
        meaning="Weighted mean of the coded intensities of that year's own acts, by the outcome rule of this project.",
        kind="continuous",
        categories=(),
    ),
    HubQuestion(
        target=TARGET_YEAR_WORD,
        name="Mean of the acts of that year against the tone at the reference date",
        meaning="Worse or better where the mean lies below or above the five-year tone by more than the rule's cut.",
        kind="ordinal",
        categories=YEAR_WORDS,
    ),
)
SIGNPOST = HubQuestion(
    target=TARGET_SIGNPOST,
    name="A recorded yes to the signpost by the target end date",
    meaning="Yes if rows of the ledger by the target end date settle the question of that id, by its own rule.",
    kind="binary",
    categories=YES_NO,
)
UNITS: Mapping[str, str] = {"ordinal": "state", "binary": "yes or no", "continuous": "coded intensity, -10 to 10"}
