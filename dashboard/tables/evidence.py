"""Tables of the evidence: every row of the ledger, the essay’s claims, every labelled year-end. Pure."""

from collections.abc import Iterable

import pandas as pd

from dashboard.wording.chances import percent
from dashboard.wording.evidence import COLUMN_LABELS, alpha_text, checks_text
from dashboard.wording.labels import ACTOR_LABELS, DOMAIN_LABELS, STATE_LABELS, event_date_text
from dashboard.wording.numerals import signed
from data.readings import Reading
from data.types import Claim, Evidence
from models.coding.agreement import Agreement
from models.coding.searches import SearchTally
from models.outcome.rule import Label
from models.storage.safe_csv import safe_text, with_texts

RESERVE_ROWS = "Reserve"
ISO_LETTERS = {"day": 10, "month": 7, "year": 4}
"""Letters of an ISO date that are known: such dates sort as they should, as a text too."""
DOWNLOADED = (
    *("id", "iso", "date_precision", "initiator", "target", "domain", "mechanism", "event_type", "direction"),
    *("intensity", "summary", "source_title", "source_url", "source_kind", "confidence", "coding_note", "used"),
)
"""Columns of the ledger's download, the dates named `date`."""
DIRECTIONS = {1: "closer", -1: "apart", 0: "neither"}


SIDES = {"cooperation": "cooperate", "rupture": "fall out", "us_policy": "United States policy"}


def ledger_table(evidence: Evidence, readings: Iterable[Reading] = (), used: Iterable[str] = ()) -> pd.DataFrame:
    """Every row of the ledger with its date, its actors, its source and its checks in words; `used` holds the ids of
    the rows that the forecast uses."""
    table = evidence.ledger()
    twice = {reading.id for reading in readings if not reading.read_once}
    unread = table["verified"].map({True: "", False: "unverified"})
    reserve = table["reserve"].map({True: "reserve", False: ""})
    dates = list(zip(table["date"], table["date_precision"], strict=True))
    return table.assign(
        day=[event_date_text(day.date(), precision) for day, precision in dates],
        iso=[day.date().isoformat()[: ISO_LETTERS[precision]] for day, precision in dates],
        label=(unread + " " + reserve).str.strip().replace("", "read"),
        theme=table["domain"].map(DOMAIN_LABELS),
        reason=table["mechanism"].str.replace("_", " "),
        checks=[
            checks_text(twice=name in twice, second_page=second)
            for name, second in zip(table["id"], table["second_source"], strict=True)
        ],
        used=table["id"].isin(set(used)),
        actors=table["initiator"].map(ACTOR_LABELS) + " → " + table["target"].map(ACTOR_LABELS),
    )


def in_order(rows: pd.DataFrame, text: str) -> pd.DataFrame:
    """Rows of the ledger, the latest first; of a year that is searched for those come before all others."""
    words = set(text.split())
    wanted = rows["year"].astype(str).isin(words)
    return rows.assign(wanted=wanted).sort_values(["wanted", "date"], ascending=False, kind="stable")


def ledger_csv(rows: pd.DataFrame) -> str:
    """Rows of the ledger as a file: ISO dates no finer than they are known, and whether the forecast uses the row."""
    table = rows[list(DOWNLOADED)].rename(columns={"iso": "date"})
    return with_texts(table, safe_text).to_csv(index=False)


def agreement_table(found: Iterable[Agreement]) -> pd.DataFrame:
    """Alpha of each column with its interval, a row for all rows, each domain and each search."""
    rows: dict[str, dict[str, object]] = {}
    for one in found:
        name = {"domain": DOMAIN_LABELS.get(one.member), "search": f"{one.member} search"}.get(one.group, "All rows")
        name = RESERVE_ROWS if one.member == "reserve" else name
        row = rows.setdefault(name, {"Rows": name, "How many": one.rows} | dict.fromkeys(COLUMN_LABELS.values(), ""))
        row[COLUMN_LABELS[one.column]] = alpha_text(one)
    return pd.DataFrame(list(rows.values()))


def disagreement_table(apart: Iterable[Reading], ledger: pd.DataFrame) -> pd.DataFrame:
    """Rows whose two intensities lie far apart, with what the ledger holds now; `ledger` as `ledger_table` gives it."""
    held = ledger.set_index("id")
    rows = [
        {
            "First": reading.first.intensity,
            "Second": reading.second.intensity,
            "Ledger": int(held.loc[reading.id, "intensity"]),
            "When": held.loc[reading.id, "day"],
            "What": held.loc[reading.id, "summary"],
            "Row": reading.id,
        }
        for reading in apart
        if reading.id in held.index
    ]
    return pd.DataFrame(rows)


def search_table(tallies: Iterable[SearchTally]) -> pd.DataFrame:
    """What the first and the second search found in the same years, by sign."""
    rows = [
        {
            "Search": one.search,
            "Among": "space rows" if one.space else "all rows",
            "Rows": one.rows,
            "Cooperative": one.cooperative,
            "Hostile": one.hostile,
            "Mixed": one.mixed,
            "For context": one.context,
            "Hostile share": "" if one.hostile_share is None else percent(one.hostile_share),
            "Mean intensity": "" if one.mean is None else signed(round(one.mean, 2)),
        }
        for one in tallies
    ]
    return pd.DataFrame(rows)


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
