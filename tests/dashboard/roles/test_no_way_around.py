"""No page writes past the gate: not by the code as it is written, and not by code that somebody may write."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.cache.page_record import PageRecord
from dashboard.cache.page_refits import PageRefits
from dashboard.roles import gate
from dashboard.roles.actions import Action, Role, RoleError
from dashboard.roles.people import Person
from models.errors import RecordError
from models.record.entries import Draft
from models.record.store import Record
from tests.support.programs.records import plain_snapshot

__all__ = ["plain_snapshot"]

DASHBOARD = Path(__file__).parents[3] / "dashboard"
APART = ("benchmarks", "refits")
"""A benchmark writes to a record of its own; the queue is what `PageRefits` stands before."""
RECEIVERS = {
    "record": {"save", "remark", "resolve", "settle_dispute", "guard", "writing"},
    "opened": {"save", "remark", "resolve", "settle_dispute", "guard", "writing"},
    "refits": {"start", "cancel", "leave"},
    "updates": {"start", "cancel"},
}
"""What changes something, by the last name of what it is asked of: ``store.record().save(...)``."""
FUNCTIONS = {"resolve_due", "append", "import_record", "publish"}
"""The same, of functions that are imported from these rooms."""
ROOMS = ("models.record", "models.track", "models.update", "models.published", "models.refits")


def ungated(source: str) -> list[int]:
    """Lines that change something outside a ``with gate.passing(...)``."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(ROOMS)
        for alias in node.names
        if alias.name in FUNCTIONS
    }
    inside = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.With) and any("gate.passing(" in ast.unparse(item) for item in node.items)
        for inner in ast.walk(node)
    }
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node not in inside)
    handed = (node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node not in inside)
    found = [call.lineno for call in calls if _changes(call.func, names)]
    return found + [one.value.lineno for one in handed if _changes(one.value, names)]


def _changes(called: ast.expr, names: set[str]) -> bool:
    if isinstance(called, ast.Name):
        return called.id in names
    if not isinstance(called, ast.Attribute):
        return False
    asked = called.value.func if isinstance(called.value, ast.Call) else called.value
    last = asked.attr if isinstance(asked, ast.Attribute) else asked.id if isinstance(asked, ast.Name) else ""
    return called.attr in RECEIVERS.get(last, ())


@pytest.mark.parametrize(
    "line",
    [
        "store.record().save(draft, snapshot)",
        "opened.remark(digest, author, text)",
        "cache.refits().start(key, values)",
        "updates().cancel(run)",
        "st.button('Stop', on_click=updates().cancel)",
        "from models.track.replay import resolve_due as go\ngo(record)",
    ],
)
def test_a_planted_way_around_is_found(line):
    assert ungated(line)
    gated = line.rpartition("\n")
    assert not ungated(f"{gated[0]}\nwith gate.passing(Action.SAVE):\n    {gated[2]}")


def test_every_change_in_the_pages_passes_the_gate():
    files = [file for file in DASHBOARD.rglob("*.py") if file.relative_to(DASHBOARD).parts[0] not in APART]
    found = {file.name: lines for file in files if (lines := ungated(file.read_text(encoding="utf-8")))}
    assert len(files) > 100
    assert found == {}


@pytest.fixture
def record(tmp_path, monkeypatch):
    monkeypatch.setenv("CONJUNCTION_HOME", str(tmp_path))
    with PageRecord.open(str(tmp_path / "record.db")) as opened:
        yield opened


def test_the_record_of_a_page_takes_nothing_past_the_gate(record, monkeypatch, plain_snapshot):
    with pytest.raises(RoleError, match="passed no gate"):
        record.save(Draft(name="One", author="Eve"), plain_snapshot)
    assert record.head[0] == 0
    monkeypatch.setattr(gate, "person", lambda: Person(role=Role.FORECASTER))
    with gate.passing(Action.SAVE):
        record.save(Draft(name="One", author="Ada"), plain_snapshot)
    assert record.head[0] == 1


def test_a_full_record_and_a_full_disk_take_nothing(record, monkeypatch):
    monkeypatch.setattr(gate, "person", lambda: Person(role=Role.KEEPER))
    with gate.passing(Action.SAVE), monkeypatch.context() as full:
        full.setenv("CONJUNCTION_RECORD_MB", "none")
        with pytest.raises(RecordError, match="expected a whole number of megabytes"), record.writing():
            pytest.fail("something is written")
    with gate.passing(Action.SAVE), monkeypatch.context() as full:
        full.setattr(PageRecord, "size", 10**12)
        with pytest.raises(RecordError, match="expected less than 10000; ask whoever runs this page"), record.writing():
            pytest.fail("something is written")
    with gate.passing(Action.SAVE), monkeypatch.context() as full:
        full.setattr("dashboard.cache.page_record.FREE_MEGABYTES", 10**12)
        with pytest.raises(RecordError, match="free some space"), record.writing():
            pytest.fail("something is written")


def test_a_record_that_lost_its_end_takes_nothing(record, tmp_path, monkeypatch, plain_snapshot):
    monkeypatch.setattr(gate, "person", lambda: Person(role=Role.KEEPER))
    with gate.passing(Action.SAVE):
        record.save(Draft(name="One", author="Ada"), plain_snapshot)
        with record.writing():
            pass  # the head is remembered
    record.close()
    (tmp_path / "record.db").unlink()
    Record.open(str(tmp_path / "record.db"), lambda: datetime.now(UTC)).close()
    with gate.passing(Action.SAVE), pytest.raises(RecordError, match="entry 1 of the record"):
        record.save(Draft(name="Two", author="Ada"), plain_snapshot)


def test_the_refits_of_a_page_start_nothing_past_the_gate(tmp_path):
    refits = PageRefits(tmp_path)
    for change in (lambda: refits.start("0" * 64, {}), lambda: refits.cancel("0" * 12), lambda: refits.leave("", "")):
        with pytest.raises(RoleError, match="passed no gate"):
            change()
    assert list(tmp_path.iterdir()) == []
