"""One claim of the essay about what moves the relationship."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.errors import EvidenceError, Problem
from data.values import frozen
from data.vocabulary import CLAIM_MECHANISMS, SIDES, STRENGTHS

LARGEST_ODDS_RATIO = 20.0
"""Above this a claim would settle the forecast alone; the strongest in the essay is 2.2."""


@frozen
class Claim:
    """A claim of the essay, with the strength that its words suggest.

    Attributes
    ----------
    paragraph : str
        Paragraph numbers of the essay joined by `;`, headings counted; see `paragraphs`.
    direction : int
        +1 towards cooperation, -1 towards rupture, 0 for neither.
    odds_ratio : float
        Odds of a higher relationship state next year for a driver one standard deviation up, in the
        claimed direction; 1 is no effect.
    p_sign : float
        Probability that the claimed sign is right, 0.5 to below 1.
    indicators : tuple of str
        `file.column` of an indicator, `file` of a table, or `ledger:mechanism` for rows of the ledger.
    title : str
        Short plain label.
    """

    id: str
    paragraph: str
    side: str
    mechanism: str
    direction: int
    strength: str
    odds_ratio: float
    p_sign: float
    text: str
    indicators: tuple[str, ...]
    title: str

    def __post_init__(self) -> None:
        if problems := list(_problems(self)):
            raise EvidenceError.of(problems)

    @property
    def paragraphs(self) -> tuple[int, ...]:
        """Paragraph numbers of the essay that make the claim."""
        return tuple(int(number) for number in self.paragraph.split(";"))


def _problems(claim: Claim) -> Iterator[Problem]:
    if not re.fullmatch(r"C\d\d", claim.id):
        yield Problem(column="id", detail=f"got {claim.id!r}, expected C and two digits")
    if not re.fullmatch(r"\d{1,2}(;\d{1,2})*", claim.paragraph):
        yield Problem(column="paragraph", detail=f"got {claim.paragraph!r}, expected paragraph numbers joined by ;")
    allowed = {"side": SIDES, "mechanism": CLAIM_MECHANISMS, "strength": STRENGTHS, "direction": (-1, 0, 1)}
    for column, values in allowed.items():
        got = getattr(claim, column)
        if got not in values:
            yield Problem(column=column, detail=f"got {got!r}, expected one of {', '.join(map(str, values))}")
    if not 1.0 <= claim.odds_ratio <= LARGEST_ODDS_RATIO:
        detail = f"got {claim.odds_ratio}, expected 1 to {LARGEST_ODDS_RATIO:g}; the sign belongs in direction"
        yield Problem(column="odds_ratio", detail=detail)
    if not 0.5 <= claim.p_sign < 1.0:
        yield Problem(column="p_sign", detail=f"got {claim.p_sign}, expected 0.5 up to but below 1")
    for column, value in (("claim", claim.text), ("title", claim.title)):
        if not value.strip():
            yield Problem(column=column, detail="got nothing, expected words")
