"""The signposts of a snapshot: read back, held against themselves, and computed again from its inputs."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from data.digest import Fields
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.errors import AssumptionError, SnapshotError
from models.fits.probabilities import OUTCOMES
from models.forecast.results import make_forecast
from models.library.library import Library
from models.names import STATES
from models.outcome.signpost_identity import signpost_digest
from models.outcome.signpost_list import SIGNPOSTS, Signpost
from models.rounding import PUBLISHED
from models.signposts.ask import Question
from models.signposts.board import Board
from models.signposts.constants import SIGNPOSTS_1
from models.signposts.pins import read_act, read_pin
from models.signposts.published import PublishedSignposts, SignpostAnswer, SignpostChance
from models.signposts.ranges import YesCount
from models.snapshot.numbers import Finding, decided
from models.snapshot.older import require
from models.snapshot.value import Snapshot
from models.weighting.status import Status

SUM_TOLERANCE = 1e-9
STRUCTURES = {SIGNPOSTS_1.digest: SIGNPOSTS_1}
"""Constants that this program computes chances with, by digest."""
type Numbers = Mapping[tuple[str, ...], float]


def read_signposts(part: Fields | None) -> PublishedSignposts | None:
    """From the part of a document that keeps its schema; SnapshotError where a deadline is no day of the calendar."""
    if part is None:
        return None
    return PublishedSignposts(
        **{
            **part,
            "chances": tuple(SignpostChance(**row | {"deadline": _day(row["deadline"])}) for row in part["chances"]),
            "settled": MappingProxyType(part["settled"]),
            "expected": YesCount(**part["expected"]),
            "answers": tuple(map(_answer, part["answers"])),
        }
    )


def require_whole(said: PublishedSignposts, reference: date) -> None:
    """What a schema cannot say: every signpost once and its day ahead, sums that are right, answers to whole questions.

    Raises
    ------
    SnapshotError
    """
    ids = [row.id for row in said.chances]
    named = [*ids, *said.settled]
    require(len(set(named)) == len(named), "signposts", "a signpost twice", "each once")
    for row in said.chances:
        require(row.deadline > reference, "signposts > chances", f"{row.id} by {row.deadline}", "a day ahead")
        ends = row.low is None, row.high is None
        ordered = all(ends) or (not any(ends) and row.low <= row.high)
        require(ordered, "signposts > chances", f"a range of {row.id} from {row.low} to {row.high}", "one that rises")
    total = round(sum(row.chance for row in said.chances), PUBLISHED.decimals)
    expected = said.expected
    require(
        abs(expected.mean - total) <= SUM_TOLERANCE and expected.of == len(ids) and expected.low <= expected.high,
        "signposts > expected",
        f"{expected.mean:g} of {expected.of}",
        f"{total:g} of {len(ids)}",
    )
    for answer in said.answers:
        what = ", ".join((*answer.pins, *answer.acts))[:60]
        known = [] if answer.too_rare else ids
        right = sorted(answer.signposts) == sorted(known) and bool(answer.outcomes) == (not answer.too_rare)
        require(right, "signposts > answers", f"{what}: other signposts", "a chance of each, none of what is too rare")
        sums = [abs(sum(row[: len(STATES)]) - 1) <= SUM_TOLERANCE for row in answer.outcomes]
        require(all(sums), "signposts > answers", f"{what}: states of another sum", "1")


def compared_signposts(
    snapshot: Snapshot, evidence: Evidence, library: Library, assumptions: Assumptions
) -> Iterator[Finding]:
    """Every published chance of a signpost, and every answer, against the one that the inputs give."""
    said = snapshot.signposts
    if said is None:
        return
    if unknown := unknown_signposts(said, library):
        yield Finding(name="signposts", passed=None, detail=f"Not computed again: {unknown}.")
        return
    question = question_again(said, evidence, library, assumptions)
    try:
        askings = [(tuple(map(read_pin, one.pins)), tuple(map(read_act, one.acts))) for one in said.answers]
        again, exact = (
            PublishedSignposts.of(question, evidence, askings, places) for places in (PUBLISHED.decimals, None)
        )
    except AssumptionError as error:
        yield Finding(name="signposts", passed=False, detail=f"It answers what cannot be asked: {error}.")
        return
    yield _facts(said, again)
    yield _numbers(said, again, exact)


def unknown_signposts(said: PublishedSignposts, library: Library) -> str:
    """What keeps this program from asking the same questions; nothing where it can."""
    if library.simulated is None:
        return "the draws keep no simulated ledgers"
    if said.structure not in STRUCTURES:
        return f"the constants {said.structure[:12]} are unknown here"
    own = {signpost.id: signpost_digest(signpost) for signpost in SIGNPOSTS}
    others = [row.id for row in said.chances if own.get(row.id) != row.digest]
    others += [identifier for identifier in said.settled if identifier not in own]
    return f"this program does not ask {', '.join(others[:3])} as that one did" if others else ""


def question_again(
    said: PublishedSignposts, evidence: Evidence, library: Library, assumptions: Assumptions
) -> Question:
    """The question whose answers were published, before nothing that `unknown_signposts` names; some seconds."""
    board = Board.of(evidence, library, _listed(said), said.hearing, STRUCTURES[said.structure])
    return Question.of(board, evidence, library, make_forecast(evidence, library, assumptions))


def _facts(said: PublishedSignposts, again: PublishedSignposts) -> Finding:
    """All that is no chance."""
    pairs = {
        "list of open ones": ([row.digest for row in said.chances], [row.digest for row in again.chances]),
        "digest of the list": (said.list, again.list),
        "settled ones": (dict(said.settled), dict(again.settled)),
        "deadlines": ([row.deadline for row in said.chances], [row.deadline for row in again.chances]),
        "range of the number of yes": [(one.expected.low, one.expected.high) for one in (said, again)],
        "statuses of the answers": ([one.status for one in said.answers], [one.status for one in again.answers]),
        "pins and acts": ([(one.pins, one.acts) for one in said.answers], [(a.pins, a.acts) for a in again.answers]),
        "version": (said.structure_version, again.structure_version),
    }
    wrong = [name for name, (got, expected) in pairs.items() if got != expected]
    good = f"The {len(said.chances)} open signposts and the settled ones are those that the evidence leaves."
    return decided("signposts", not wrong, good, f"Of the signposts other {', '.join(wrong)} come out.")


def _numbers(said: PublishedSignposts, again: PublishedSignposts, exact: PublishedSignposts) -> Finding:
    published, mine, whole = map(_chances, (said, again, exact))
    name = "chances of signposts"
    if published.keys() != mine.keys():
        return Finding(name=name, passed=False, detail="The signposts are given other chances than this forecast has.")
    wrong = [key for key, got in published.items() if got != mine[key] and not _explained(key, got, mine, whole)]
    good = f"All {len(published)} chances of signposts and answers come out the same."
    if not wrong:
        return Finding(name=name, passed=True, detail=good)
    first = wrong[0]
    detail = (
        f"{len(wrong)} of {len(published)} differ, {' '.join(first)}: published {published[first]!r}, computed again "
    )
    return Finding(name=name, passed=False, detail=f"{detail}{mine[first]!r}.")


def _explained(key: tuple[str, ...], got: float, mine: Numbers, whole: Numbers) -> bool:
    """On the edge between two roundings; the likeliest state is what the others leave, as reading has held it."""
    if PUBLISHED.explains(got, mine[key], whole[key], PUBLISHED.decimals):
        return True
    states = {other: value for other, value in mine.items() if other[:-1] == key[:-1] and other[-1] in STATES}
    return key in states and mine[key] == max(states.values()) and abs(got - mine[key]) < 4 * 10**-PUBLISHED.decimals


def _chances(said: PublishedSignposts) -> Numbers:
    """Every number by what it is of."""
    numbers = {
        (row.id, column): getattr(row, column)
        for row in said.chances
        for column in ("chance", "low", "high", "expanding", "ten_years")
        if getattr(row, column) is not None
    }
    for place, answer in enumerate(said.answers):
        at = f"answer {place + 1}"
        numbers |= {(at, "chance"): answer.chance, (at, "borrowed"): answer.borrowed}
        numbers |= {(at, name): chance for name, chance in answer.signposts.items()}
        for year, row in enumerate(answer.outcomes):
            numbers |= {(at, f"year-end {year + 1}", name): p for name, p in zip(OUTCOMES, row, strict=True)}
    return numbers


def _listed(said: PublishedSignposts) -> tuple[Signpost, ...]:
    """The signposts that it speaks of; the list may have grown since."""
    named = {row.id for row in said.chances} | said.settled.keys()
    return tuple(signpost for signpost in SIGNPOSTS if signpost.id in named)


def _answer(part: Fields) -> SignpostAnswer:
    return SignpostAnswer(
        **part
        | {
            "pins": tuple(part["pins"]),
            "acts": tuple(part["acts"]),
            "status": Status(part["status"]),
            "outcomes": tuple(map(tuple, part["outcomes"])),
            "signposts": MappingProxyType(part["signposts"]),
        }
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SnapshotError(f"the snapshot at signposts: got {text!r}, expected a day of the calendar") from error
