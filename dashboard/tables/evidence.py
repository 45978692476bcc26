"""Tables of the evidence: every row of the ledger, the essay’s claims, every labelled year-end. Pure."""

from collections.abc import Iterable

import pandas as pd

from dashboard.wording.labels import ACTOR_LABELS, DOMAIN_LABELS, STATE_LABELS, event_date_text
from data.types import Claim, Evidence
from models.outcome.rule import Label

DIRECTIONS = {1: "closer", -1: "apart", 0: "neither"}


SIDES = {"cooperation": "cooperate", "rupture": "fall out", "us_policy": "United States policy"}


def ledger_table(evidence: Evidence) -> pd.DataFrame:
    """Every row of the ledger with its date, its actors and how far its source was seen in words."""
    table = evidence.ledger()
    unread = table["verified"].map({True: "", False: "unverified"})
    reserve = table["reserve"].map({True: "reserve", False: ""})
    dates = zip(table["date"], table["date_precision"], strict=True)
    return table.assign(
        day=[event_date_text(day.date(), precision) for day, precision in dates],
        label=(unread + " " + reserve).str.strip().replace("", "read"),
        theme=table["domain"].map(DOMAIN_LABELS),
        reason=table["mechanism"].str.replace("_", " "),
        actors=table["initiator"].map(ACTOR_LABELS) + " → " + table["target"].map(ACTOR_LABELS),
    )


def claim_table(claims: Iterable[Claim]) -> pd.DataFrame:
    """The essay's claims as the models use them."""
    rows = [
        {
            "Claim": claim.id,
            "What it says": claim.title,
            "In full": claim.text,
            "Paragraph": claim.paragraph.replace(";", ", "),
            "Side": SIDES[claim.side],
            "Pushes them": DIRECTIONS[claim.direction],
            "Said how strongly": claim.strength,
            "Odds ratio": claim.odds_ratio,
            "Sign right": claim.p_sign,
            "Measured by": ", ".join(claim.indicators),
        }
        for claim in claims
    ]
    return pd.DataFrame(rows)


def label_table(history: Iterable[Label]) -> pd.DataFrame:
    """Every labelled year-end with its reason, the latest first."""
    rows = [
        {
            "Year-end": str(label.year),
            "State": STATE_LABELS[label.state.value] if label.state else "no label",
            "Tone": label.tone,
            "Why": label.reason,
        }
        for label in reversed(tuple(history))
    ]
    return pd.DataFrame(rows)
