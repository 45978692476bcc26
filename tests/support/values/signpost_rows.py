"""A ledger of patrols, and a question about them: one row a patrol, the rest of a year filled with meetings."""

from collections.abc import Iterable, Mapping
from datetime import date

from data.event import Event, Source
from models.outcome.signpost_list import Rule, Signpost

PATROL = Rule(event_types=("joint_patrol",), domains=("security",))


def patrol_question(rule: Rule = PATROL, opens: int = 2019, deadline: int = 2020, name: str = "S90") -> Signpost:
    """Whether there is a patrol in the years after one and up to another."""
    return Signpost(
        id=name,
        question="Is there a patrol?",
        opens=date(opens, 12, 31),
        deadline=date(deadline, 12, 31),
        mechanism="balancing_us",
        claim="C01",
        toward="deeper",
        source="Ministry",
        rule=rule,
        edge_case="One aircraft is enough.",
    )


def event_of(day: date, slug: str, event_type: str = "meeting", precision: str = "day", **fields: object) -> Event:
    """A verified row."""
    written = {"day": str(day), "month": f"{day:%Y-%m}", "year": f"{day:%Y}"}[precision]
    values = {
        "id": f"E{written}-{slug}",
        "date": day,
        "date_precision": precision,
        "initiator": "both",
        "target": "both",
        "domain": "security",
        "mechanism": "balancing_us",
        "event_type": event_type,
        "direction": "cooperation",
        "intensity": 3,
        "summary": "A row.",
        "source": Source(title="Page", url="https://example.org/page", kind="read"),
        "source_kind": "read",
        "confidence": "high",
    }
    return Event(**{**values, **fields})


def ledger(rows: Mapping[int, int], patrols: Iterable[int] = ()) -> list[Event]:
    """So many rows a year, of which one is a patrol in the years named (twice there: two)."""
    patrols, events = list(patrols), []
    for year, number in rows.items():
        kinds = ["joint_patrol"] * patrols.count(year)
        kinds += ["meeting"] * (number - len(kinds))
        events += [event_of(date(year, 6, 1), f"row-{i}", kind) for i, kind in enumerate(kinds)]
    return events
