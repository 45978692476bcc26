"""Projects that have published something, in folders of their own."""

from datetime import UTC, datetime
from pathlib import Path

from models.published.place import ProjectRecord
from models.record.store import Clock, Record
from models.record.transfer import export_record

TODAY = datetime(2026, 11, 28, 16, tzinfo=UTC)
CHANGELOG = "# Changelog\n\n## Unreleased\n\n- Something.\n"


def new_project(folder: Path, clock: Clock = lambda: TODAY) -> ProjectRecord:
    """A project that has published nothing yet."""
    project = ProjectRecord(docs=folder / "docs", clock=clock)
    project.file.parent.mkdir(parents=True)
    project.changelog.write_text(CHANGELOG, encoding="utf-8")
    with Record.open(str(folder / "empty.db")) as record:
        export_record(record, project.file)
    return project
