"""The types of the evidence in one place, for the packages that build on them."""

from data.claim import Claim
from data.event import Event, Source
from data.evidence import Evidence
from data.indicator import Indicator, Observation
from data.receipts import Receipt

__all__ = ["Claim", "Event", "Evidence", "Indicator", "Observation", "Receipt", "Source"]
