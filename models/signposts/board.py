"""Everything that is asked of one library, made once: its simulated ledgers before all open signposts."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from types import MappingProxyType
from typing import Self

from data.types import Evidence
from data.values import frozen, settle
from models.errors import MissingFitError
from models.library.library import Library
from models.measures.readings import read_ledger
from models.measures.simulated import Simulated
from models.names import MODEL_M1, MODEL_M3
from models.outcome.signpost_list import SIGNPOSTS, Signpost
from models.outcome.signposts import OPEN, SignpostResolution, resolve_signposts
from models.signposts.composition import TypicalRow
from models.signposts.constants import SIGNPOSTS_1, SignpostStructure
from models.signposts.futures import Futures, SimulatedFutures
from models.signposts.rates import Rates, YearlyRows
from models.signposts.windows import Coming


@frozen(eq=False)
class Board:
    """All signposts before one library.

    Attributes
    ----------
    as_of : date
        Reference date of the evidence and of the library.
    answers : tuple of SignpostResolution
        What the record so far says to every signpost of the list, in its order.
    rows : tuple of TypicalRow
        What the act of each open signpost would leave in the ledger.
    law : Futures
        What the ledgers were asked about: the open signposts, their rates, the years to come.
    futures : Mapping[str, SimulatedFutures]
        By the id of each model that simulates ledgers.
    """

    as_of: date
    answers: tuple[SignpostResolution, ...]
    rows: tuple[TypicalRow, ...]
    law: Futures
    futures: Mapping[str, SimulatedFutures]
    _places: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        places = {signpost.id: index for index, signpost in enumerate(self.open)}
        settle(self, futures=MappingProxyType(dict(self.futures)), _places=MappingProxyType(places))

    @classmethod
    def of(
        cls,
        evidence: Evidence,
        library: Library,
        signposts: Sequence[Signpost] = SIGNPOSTS,
        hearing: float | None = None,
        structure: SignpostStructure = SIGNPOSTS_1,
    ) -> Self:
        """Ask a library's ledgers about every open signpost; a second or two, hence once a library.

        Parameters
        ----------
        hearing : float, optional
            Other than the structure's own.

        Raises
        ------
        MissingFitError
            The library keeps no simulated ledgers (one of before 2026-11-28).
        """
        if library.simulated is None:
            raise MissingFitError(
                f"got the library {library.key[:12]} without simulated ledgers, expected one that keeps them; without "
                "these no signpost has a chance: take the present library"
            )
        answers = resolve_signposts(evidence.events, evidence.as_of, signposts)
        coming = Coming.after(evidence.as_of, structure)
        waiting = (answer.signpost for answer in answers if answer.status == OPEN)
        asked = tuple(signpost for signpost in waiting if signpost.deadline.year in coming.years)
        record = YearlyRows.of(evidence.events, asked, evidence.as_of, structure)
        makes = Futures(
            signposts=asked,
            seen=tuple(rows_so_far(signpost, evidence) for signpost in asked),
            rates=Rates.of(record, [signpost.family for signpost in asked], structure),
            record=record,
            coming=coming,
            readings=read_ledger(evidence, library.provenance.rule),
            rule=library.provenance.rule,
            hearing=structure.hearing if hearing is None else hearing,
            structure=structure,
        )
        futures = {MODEL_M1: makes.of(library.simulated, library.blocks)}
        if library.members is not None and library.members.regimes[0].simulated is not None:
            joined = Simulated.joined([fit.simulated for fit in library.members.regimes])
            futures[MODEL_M3] = makes.of(joined, library.members.regimes_blocks)
        rows = tuple(TypicalRow.of(signpost, evidence.events) for signpost in asked)
        return cls(as_of=evidence.as_of, answers=answers, rows=rows, law=makes, futures=futures)

    @property
    def open(self) -> tuple[Signpost, ...]:
        """Signposts that have a chance: not settled, and with a deadline among the simulated years."""
        return self.law.signposts

    @property
    def coming(self) -> Coming:
        """The simulated years."""
        return self.law.coming

    @property
    def settled(self) -> Mapping[str, str]:
        """Yes or no by id, of the signposts that the record so far answers."""
        return {a.signpost.id: a.status for a in self.answers if a.status in ("yes", "no")}

    def index(self, identifier: str) -> int:
        """Position of an open signpost; KeyError for another."""
        return self._places[identifier]

    def needed(self, index: int) -> int:
        """Matching rows that still settle an open signpost: fewer than its rule asks for where its window has some."""
        return self.open[index].rule.min_count - self.law.seen[index]

    def horizon(self, signpost: Signpost) -> int:
        """Position of the year-end of the signpost's deadline, of the last simulated one if it lies beyond."""
        return min(signpost.deadline.year - self.coming.years[0], len(self.coming.years) - 1)


def rows_so_far(signpost: Signpost, evidence: Evidence) -> int:
    """Rows of an open window that count already, fewer than settle the question."""
    window = (e for e in evidence.events if signpost.opens < e.latest_date <= signpost.deadline)
    return sum(signpost.rule.matches(event) for event in window)
