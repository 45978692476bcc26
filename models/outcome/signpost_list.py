"""What the signposts ask: yes/no questions, each with deadline, source and the rule that settles it from the ledger.

The questions themselves are data and stand in ``signposts.toml``; `models.outcome.signposts` answers them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Literal, get_args

from data.csv.hints import invisible_letter
from data.digest import Fields
from data.types import Event
from data.values import frozen
from data.vocabulary import ACTORS, CLAIM_MECHANISMS, DOMAINS, INTENSITY_LIMIT, MECHANISMS
from models.errors import OutcomeError
from models.outcome.rule import RULE

SIGNPOST_FILE = Path(__file__).with_name("signposts.toml")
Toward = Literal["deeper", "rupture"]
type Family = Literal["cooperation", "friction", "context"]
MOSCOW = frozenset({"SUN", "RUS"})
"""One actor under two codes: a rule that names RUS also matches the Soviet rows of the past."""

_CLOSED = {"domains": DOMAINS, "mechanisms": MECHANISMS, "initiators": ACTORS, "targets": ACTORS}


@frozen
class Rule:
    """Which rows of the ledger count: all columns given must agree, an empty column allows everything.

    Attributes
    ----------
    event_types, domains, mechanisms, initiators, targets : tuple of str
        Allowed codes; RUS stands for Moscow in any year.
    min_intensity, max_intensity : int
        Allowed band, both ends included.
    min_count : int
        Matching rows that settle the question.
    keywords : tuple of str
        At least one must stand in the row's summary, whatever the case. Only where no column tells the rows apart.
    none_expected : bool
        The question asks whether the rows stay away: enough of them say no, a recorded window without them says yes.
    context_counts : bool
        Third-party rows (direction `context`) count; by default they don't.
    """

    event_types: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    initiators: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    min_intensity: int = -INTENSITY_LIMIT
    max_intensity: int = INTENSITY_LIMIT
    min_count: int = 1
    keywords: tuple[str, ...] = ()
    none_expected: bool = False
    context_counts: bool = False

    def __post_init__(self) -> None:
        for column in ("event_types", "domains", "mechanisms", "initiators", "targets", "keywords"):
            values = getattr(self, column)
            if type(values) is not tuple or not all(isinstance(value, str) and value for value in values):
                raise OutcomeError(f"rule: got {column} {values!r}; expected a list of texts")
            if unknown := sorted(set(values) - set(_CLOSED.get(column, values))):
                raise OutcomeError(
                    f"rule: got {column} {', '.join(unknown)}; expected only {', '.join(_CLOSED[column])}"
                )
        if not -INTENSITY_LIMIT <= self.min_intensity <= self.max_intensity <= INTENSITY_LIMIT:
            raise OutcomeError(
                f"rule: got intensities {self.min_intensity} to {self.max_intensity}; expected a band within -10 to 10"
            )
        if self.min_count < 1:
            raise OutcomeError(f"rule: got min_count {self.min_count}; expected 1 or more")
        if not (
            self.event_types or self.domains or self.mechanisms or self.max_intensity < 0 or self.min_intensity > 0
        ):
            raise OutcomeError("rule: got nothing that tells rows apart; expected event types, domains or a band")

    def matches(self, event: Event) -> bool:
        """Tell whether `event` is a row of this kind. Only verified rows are."""
        return self._columns_agree(event) and self._keyword_stands(event)

    def nearly_matches(self, event: Event) -> bool:
        """Tell whether only a keyword is missing: all columns agree, and a person may read the row otherwise."""
        return self._columns_agree(event) and not self._keyword_stands(event)

    def _columns_agree(self, event: Event) -> bool:
        return (
            _allows(self.event_types, event.event_type)
            and self.min_intensity <= event.intensity <= self.max_intensity
            and _allows(self.domains, event.domain)
            and _allows(self.mechanisms, event.mechanism)
            and _allows(self.initiators, _actor(event.initiator))
            and _allows(self.targets, _actor(event.target))
            and (self.context_counts or not event.is_context)
            and event.verified
        )

    def _keyword_stands(self, event: Event) -> bool:
        return not self.keywords or any(word.casefold() in event.summary.casefold() for word in self.keywords)


@frozen
class Signpost:
    """One observable question about the relationship.

    Attributes
    ----------
    opens, deadline : date
        Rows after `opens` up to and including `deadline` count. Both are year ends, so that a row known only by its
        month or year lies wholly inside or outside.
    mechanism, claim : str
        The mechanism that a yes would speak to, and the essay's claim about it (empty for `us_pressure` and `other`).
    toward : {"deeper", "rupture"}
        Where a yes points.
    source : str
        Where the answer would be read.
    edge_case : str
        How the likeliest quarrel about the answer is settled.
    implies : tuple of str
        Ids of all questions that a yes to this one answers with yes as well (`models.outcome.nesting`). It follows from
        the rules and windows, and is no part of what is asked.
    """

    id: str
    question: str
    opens: date
    deadline: date
    mechanism: str
    claim: str
    toward: Toward
    source: str
    rule: Rule
    edge_case: str
    implies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("id", "question", "source", "edge_case"):
            if not getattr(self, name).strip():
                raise OutcomeError(f"signpost {self.id}: got an empty {name}; expected text")
        if type(self.implies) is not tuple:
            raise OutcomeError(f"signpost {self.id}: got implies {self.implies!r}; expected a list of ids")
        if self.mechanism not in MECHANISMS or (self.mechanism in CLAIM_MECHANISMS) != bool(self.claim):
            raise OutcomeError(f"signpost {self.id}: got {self.mechanism!r} with claim {self.claim!r}; expected a pair")
        if self.toward not in get_args(Toward):
            raise OutcomeError(f"signpost {self.id}: got toward {self.toward!r}; expected deeper or rupture")
        for name in ("opens", "deadline"):
            day = getattr(self, name)
            if type(day) is not date or (day.month, day.day) != (12, 31):
                raise OutcomeError(f"signpost {self.id}: got {name} {day}; expected a year end, 31 December")
        if self.opens >= self.deadline:
            raise OutcomeError(
                f"signpost {self.id}: got {self.opens} to {self.deadline}; expected the deadline after it opens"
            )

    @property
    def family(self) -> Family:
        """On which side the rows lie that the rule counts: third parties' acts, friction, or cooperation.

        The band's sign says so; where it has none, where a yes points. A question whether rows stay away counts rows of
        the other side: no patrol points to rupture, and patrols are cooperation.
        """
        if self.rule.context_counts:
            return "context"
        if self.rule.max_intensity < 0:
            return "friction"
        if self.rule.min_intensity > 0 or (self.toward == "deeper") != self.rule.none_expected:
            return "cooperation"
        return "friction"

    @property
    def asks_for_a_break(self) -> bool:
        """Whether every row that the rule counts is as grave as a break act of the outcome rule."""
        return self.rule.max_intensity <= RULE.break_intensity


@cache
def read_signposts(path: Path = SIGNPOST_FILE) -> tuple[Signpost, ...]:
    """Read and check the list of questions.

    Raises
    ------
    OutcomeError
        The file is missing or malformed, an entry breaks a rule of `Signpost` or `Rule`, an id appears twice, or a
        question implies an unknown one or, in the end, itself.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        _require_whole(text, path.name)
        entries = tomllib.loads(text)["signpost"]
    except OutcomeError:
        raise
    except (OSError, KeyError, ValueError) as error:
        raise OutcomeError(f"{path.name}: got {error}; expected [[signpost]] tables; restore the file") from error
    signposts = tuple(_signpost(entry) for entry in entries)
    ids = [signpost.id for signpost in signposts]
    if len(set(ids)) < len(ids):
        raise OutcomeError(f"{path.name}: got an id more than once among {', '.join(ids)}; expected each once")
    _require_order({signpost.id: signpost.implies for signpost in signposts}, path.name)
    return signposts


def _require_order(implied: Mapping[str, tuple[str, ...]], name: str) -> None:
    """Refuse a question that implies an unknown one, or in the end itself."""
    for key, others in implied.items():
        if unknown := [other for other in others if other not in implied]:
            raise OutcomeError(f"{name}, {key}: got implies {', '.join(unknown)}; expected ids of the list")
    try:
        TopologicalSorter(implied).prepare()
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))  # the sorter names what is implied first
        raise OutcomeError(f"{name}: got {circle}, where each implies another; expected no circle") from error


def _require_whole(text: str, name: str) -> None:
    """Refuse letters that nobody sees, and a file that stops inside its last line."""
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if letter := invisible_letter(line):
            raise OutcomeError(f"{name}, line {number}: got the invisible character {letter}; remove it")
    if lines[-1]:
        detail = f"got {lines[-1][-20:]!r} as the end of the file; expected the end of a line"
        raise OutcomeError(f"{name}, line {len(lines)}: {detail}: it may be cut off; restore the file")


def _signpost(entry: Fields) -> Signpost:
    try:
        return Signpost(**{**_with_tuples(entry), "rule": Rule(**_with_tuples(entry["rule"]))})
    except (AttributeError, KeyError, TypeError) as error:
        name = entry.get("id", "without id")
        raise OutcomeError(f"signpost {name}: got {error}; expected the fields of Signpost and Rule") from error


def _with_tuples(table: Fields) -> Fields:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def _allows(allowed: tuple[str, ...], value: str) -> bool:
    return not allowed or value in allowed


def _actor(code: str) -> str:
    return "RUS" if code in MOSCOW else code


SIGNPOSTS: tuple[Signpost, ...] = read_signposts()
