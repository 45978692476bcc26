"""What a snapshot says of signposts: stored, read back, refused where it contradicts itself, and computed again."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from data.digest import canonical_json
from models.assumptions.setting import Assumptions
from models.change.signposts import signpost_moves
from models.errors import SnapshotError
from models.outcome.signpost_list import SIGNPOSTS
from models.snapshot import signposts as room
from models.snapshot.archive import snapshot_bytes
from models.snapshot.document import read_document
from models.snapshot.inputs import inputs_of
from models.snapshot.signposts import compared_signposts
from models.snapshot.value import Snapshot
from models.snapshot.verify import verify
from tests.support.values.asked import asked_snapshot, small_library


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return asked_snapshot()


def test_it_reads_back_as_it_was(snapshot: Snapshot) -> None:
    again = read_document(snapshot.json)
    assert again.signposts == snapshot.signposts
    assert again.digest == snapshot.digest
    assert [answer.kind for answer in again.signposts.answers] == ["observe", "do"]
    other = replace(snapshot, signposts=replace(snapshot.signposts, answers=snapshot.signposts.answers[:1]))
    assert other.digest != snapshot.digest, "what was asked is in the digest"


def change(*path: str | int, value: object) -> Callable[[dict], None]:
    def apply(part: dict) -> None:
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value

    return apply


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (change("chances", 0, "chance", value=1.2), "signposts"),
        (change("chances", 0, "chance", value=0.5), "expected"),
        (change("chances", 1, "id", value="S01"), "twice"),
        (change("chances", 0, "deadline", value="2020-12-31"), "a day ahead"),
        (change("chances", 0, "low", value=1.0), "rises"),
        (change("answers", 0, "signposts", value={}), "other signposts"),
        (change("answers", 0, "outcomes", 0, value=[0.5] * 6), "another sum"),
        (change("answers", 0, "pins", value=["S02=perhaps"]), "signposts"),
    ],
)
def test_one_that_contradicts_itself_is_refused(snapshot: Snapshot, fault: Callable, says: str) -> None:
    document = json.loads(snapshot.json)
    fault(document["signposts"])
    with pytest.raises(SnapshotError, match=says):
        read_document(canonical_json(document))


def test_a_document_of_version_5_has_none_and_keeps_its_digest(snapshot: Snapshot) -> None:
    old = replace(snapshot, schema_version=5, signposts=None)
    assert "signposts" not in old.document
    assert read_document(old.json).digest == old.digest
    with pytest.raises(SnapshotError, match="none in version 5"):
        read_document(canonical_json(old.document | {"signposts": None}))


def checked(snapshot: Snapshot) -> dict[str, bool | None]:
    evidence, library = small_library()
    found = compared_signposts(snapshot, evidence, library, Assumptions.defaults(evidence.claims))
    return {check.name: check.passed for check in found}


def test_every_chance_and_answer_is_computed_again(snapshot: Snapshot) -> None:
    content = snapshot_bytes(snapshot, {}, inputs_of(*small_library()))
    found = {check.name: check.passed for check in verify(content).checks}
    assert {"signposts", "chances of signposts", "numbers"} < found.keys()
    assert all(found.values())


def test_a_chance_or_an_answer_that_was_changed_is_found(snapshot: Snapshot) -> None:
    said = snapshot.signposts
    answer = said.answers[0]
    chances = {**answer.signposts, "S01": answer.signposts["S01"] - 0.01}
    forged = replace(said, answers=(replace(answer, signposts=chances), *said.answers[1:]))
    found = checked(replace(snapshot, signposts=forged))
    assert (found["signposts"], found["chances of signposts"]) == (True, False)
    first, *others = said.chances
    hidden = replace(said, settled={**said.settled, "S01": "no"}, chances=tuple(others))
    mean = round(said.expected.mean - first.chance, 6)
    hidden = replace(hidden, answers=(), expected=replace(said.expected, mean=mean, of=len(others)))
    assert checked(replace(snapshot, signposts=hidden))["signposts"] is False


def test_questions_that_this_program_asks_otherwise_are_left_undecided(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = snapshot.signposts.chances[0].id
    other = tuple(replace(one, question="Something else?") if one.id == first else one for one in SIGNPOSTS)
    monkeypatch.setattr(room, "SIGNPOSTS", other)
    assert checked(snapshot)["signposts"] is None
    monkeypatch.setattr(room, "SIGNPOSTS", (*SIGNPOSTS, replace(SIGNPOSTS[0], id="S98")))
    assert checked(snapshot)["chances of signposts"], "a list may grow"


def test_two_snapshots_are_compared_by_what_both_were_asked(snapshot: Snapshot) -> None:
    moved = asked_snapshot({"C01": 1.8})
    table = signpost_moves(snapshot, moved)
    first = snapshot.signposts.chances[0]
    row = table[table["question"] == first.id].iloc[0]
    assert (row["old"], row["new"]) == (first.chance, moved.signposts.chances[0].chance)
    assert {"S02=yes, transactional@2027", "do S09@2027"} <= set(table["question"])
    assert (table["new"] - table["old"] == table["difference"]).all()
    assert signpost_moves(snapshot, replace(moved, signposts=None)).empty
