"""Leave one piece of the evidence out: what a case is, and what is left without it."""

import re
from dataclasses import replace
from textwrap import shorten
from typing import Literal, Self, get_args
from urllib.parse import urlsplit

import numpy as np

from data.digest import digest
from data.types import Event, Evidence
from data.values import frozen
from models.assumptions.knobs import BASELINE_CLAIM, HISTORY_CLAIM, knobs_of
from models.assumptions.setting import Assumptions
from models.base_rate.outside_view import outside_view
from models.errors import FitError
from models.fits.probabilities import StateProbabilities
from models.measures.driver_table import DriverTable, Scaling
from models.measures.drivers import DRIVER_CLAIMS, DRIVERS, driver_table
from models.measures.readings import Readings, read_ledger
from models.measures.structure import ALIGNMENT
from models.names import MODEL_M1

type Kind = Literal["event", "source", "domain", "indicator", "claim"]
KINDS: tuple[Kind, ...] = get_args(Kind.__value__)
NO_WARNING = 1.0
"""Odds multiplier of C13's knob at which a sudden break is as likely as for the average great-power treaty tie."""
NO_LEVEL = 0.0
"""Long-run level of C14's knob at which an act is as likely hostile as cooperative: the claim's view is gone, while
some level must stay, with the same doubt about it."""
KEPT_DECIMALS = 9
"""Of drivers in standard deviations, and of counts; processors know them to fifteen."""
LABEL_WIDTH = 80
"""Characters that fit on a line of a table."""


@frozen
class Case:
    """One piece of the evidence that is left out.

    Attributes
    ----------
    kind : {"event", "source", "domain", "indicator", "claim"}
        A source is a publisher (host of the page's address): who distrusts a source distrusts all of it, and nearly
        every page stands behind one event only, which is a case of its own. An indicator is one file of
        data/indicators, since its columns share their source and its faults. A claim is the essay's mechanism.
    name : str
        Event id, host, domain of the codebook, file without its ending, or claim id.

    Raises
    ------
    FitError
        Unknown kind.
    """

    kind: Kind
    name: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise FitError(f"got the kind {self.kind!r}, expected one of {', '.join(KINDS)}; correct it")

    @classmethod
    def of(cls, text: str) -> Self:
        """From ``kind:name``."""
        kind, _, name = text.partition(":")
        return cls(kind=kind, name=name)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


@frozen(eq=False)
class Basis:
    """What the models take from the evidence and the essay, in the form in which they take it.

    Attributes
    ----------
    evidence : Evidence
    drivers : DriverTable
    assumptions : Assumptions
    readings : Readings
        Of the evidence's ledger.
    """

    evidence: Evidence
    drivers: DriverTable
    assumptions: Assumptions
    readings: Readings

    @classmethod
    def of(cls, evidence: Evidence, assumptions: Assumptions | None = None) -> Self:
        """The whole evidence, by default under the essay's reading."""
        return cls(
            evidence=evidence,
            drivers=driver_table(evidence),
            assumptions=assumptions or Assumptions.defaults(evidence.claims),
            readings=read_ledger(evidence),
        )

    @property
    def digest(self) -> str:
        """SHA-256 of all that decides the latent-alignment forecast: equal digests have equal posteriors.

        Measured numbers go in with `KEPT_DECIMALS`: what one processor began, another one finds under the same name.
        """
        read, keys = self.readings, knobs_of(MODEL_M1, self.assumptions.knobs)
        arrays = (read.counts, read.breaks, read.band_values, read.recent_means, self.drivers.lagged)
        numbers = [
            (np.round(np.asarray(array, dtype=np.float64), KEPT_DECIMALS) + 0.0).tobytes().hex()  # no minus zero
            for array in (*arrays, self.drivers.origin)
        ]
        inputs = {"arrays": numbers, "knobs": {key: self.assumptions.values[key] for key in keys}}
        year = self.evidence.as_of.year
        return digest(
            {
                **inputs,
                "space_share": round(read.space_share, KEPT_DECIMALS),
                "break_readings": round(read.break_readings, KEPT_DECIMALS),
                "year": year,
                "model": ALIGNMENT.digest,
            }
        )

    @property
    def outside_view(self) -> StateProbabilities:
        """M0's exact forecast from this ledger."""
        return outside_view(self.evidence, self.assumptions.values["rupture_hazard"])

    def without(self, case: Case) -> "Basis":
        """All but one piece.

        An event that goes takes its reading with it, the labels of its year and the drivers that count such events.
        Drivers keep the scale of the whole evidence: a claim's odds ratio stays per the same standard deviation. A
        driver whose file is dropped, or whose claim is off, is masked (no push at all); the claim's events stay
        readings. No driver reads two files, so none could be measured from the rest.

        Raises
        ------
        FitError
            Nothing of that name.
        """
        if case not in cases(self.evidence, case.kind):
            raise FitError(f"got {case}, expected a name that the evidence knows; list them with leave_out.cases")
        if case.kind in ("event", "source", "domain"):
            return self._without_events(case)
        if case.name in (HISTORY_CLAIM, BASELINE_CLAIM):
            neutral = NO_WARNING if case.name == HISTORY_CLAIM else NO_LEVEL
            return replace(self, assumptions=self.assumptions.replace({case.name: neutral}))
        if case.kind == "claim":
            return replace(self, drivers=masked(self.drivers, (case.name,)))
        left = {name: indicator for name, indicator in self.evidence.indicators.items() if file_of(name) != case.name}
        return replace(
            self,
            evidence=replace(self.evidence, indicators=left),
            drivers=masked(self.drivers, claims_of(case.name)),
        )

    def _without_events(self, case: Case) -> "Basis":
        kept = tuple(event for event in self.evidence.events if _NAME_OF[case.kind](event) != case.name)
        evidence = replace(self.evidence, events=kept)
        drivers = driver_table(evidence, scaling=Scaling.of(self.drivers.raw))
        return replace(self, evidence=evidence, drivers=drivers, readings=read_ledger(evidence))


def cases(evidence: Evidence, kind: Kind) -> tuple[Case, ...]:
    """Every case of a kind, in order of date for events, of the alphabet for the rest."""
    if kind == "event":
        names = [event.id for event in evidence.events]
    elif kind == "indicator":
        names = sorted({file_of(name) for name in evidence.indicators})
    elif kind == "claim":
        names = [claim.id for claim in evidence.claims]
    else:
        names = sorted({_NAME_OF[kind](event) for event in evidence.events})
    return tuple(Case(kind=kind, name=name) for name in names)


def label(evidence: Evidence, case: Case) -> str:
    """What a reader calls it; of an event the first words of its summary."""
    if case.kind == "event":
        summary = next(event.summary for event in evidence.events if event.id == case.name)
        return shorten(summary, LABEL_WIDTH, placeholder=" …")
    if case.kind == "claim":
        return next(claim.title for claim in evidence.claims if claim.id == case.name)
    return case.name.replace("_", " ")


def publisher(event: Event) -> str:
    """Host of the page behind an event, without ``www``; its title where it has no address."""
    return (urlsplit(event.source.url).hostname or event.source.title).removeprefix("www.")


def file_of(indicator: str) -> str:
    """File (without its ending) of an indicator's name."""
    return indicator.partition(".")[0]


def claims_of(file: str) -> tuple[str, ...]:
    """Claims whose driver is measured from a file of data/indicators."""
    return tuple(driver.claim for driver in DRIVERS if re.search(rf"\b{re.escape(file)}\.", driver.sources))


def masked(drivers: DriverTable, claims: tuple[str, ...]) -> DriverTable:
    """The same drivers with some of them unobserved in every year."""
    if odd := set(claims) - set(DRIVER_CLAIMS):
        raise FitError(f"got {', '.join(sorted(odd))}, expected claims with a driver: {', '.join(DRIVER_CLAIMS)}")
    gone = dict.fromkeys(claims, np.nan)
    return replace(
        drivers,
        raw=drivers.raw.assign(**gone),
        standardised=drivers.standardised.assign(**gone),
        origin=drivers.origin.where(~drivers.origin.index.isin(claims), 0.0),
        origin_note=drivers.origin_note.where(~drivers.origin_note.index.isin(claims), "masked"),
    )


_NAME_OF = {"event": lambda event: event.id, "source": publisher, "domain": lambda event: event.domain}
