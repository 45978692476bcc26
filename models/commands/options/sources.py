"""Which forecasts `python -m models export` is about: settings, snapshot files, or entries of the record."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from data.values import frozen
from models.answers.drawn import Drawn
from models.commands.options.present import chosen, present
from models.commands.options.settings import add_library, add_settings, read_snapshot_file, restored
from models.errors import FormatError
from models.record.entries import SavedForecast
from models.record.resolutions import Resolution
from models.snapshot.archive import MAX_BYTES, read_archive
from models.snapshot.inputs import read_inputs
from models.snapshot.value import Snapshot
from models.storage.disk import read_limited

type Progress = Callable[[int, int, str], None]


@frozen
class ExportSource:
    """One forecast to export.

    Attributes
    ----------
    saved : SavedForecast or None
        The entry of the record that it comes from.
    """

    snapshot: Snapshot
    saved: SavedForecast | None = None

    @property
    def kind(self) -> str:
        """ "live" or "hindcast" of a saved forecast, as it counts; else empty."""
        return self.saved.counts_as if self.saved else ""

    @property
    def saved_at(self) -> datetime | None:
        """When it was saved, by the record."""
        return self.saved.saved_at if self.saved else None


def add_sources(parser: argparse.ArgumentParser, *, several: bool) -> None:
    """Add the options that choose forecasts."""
    group = parser.add_argument_group("forecasts (without these: the settings below, with today's numbers)")
    group.add_argument(
        "--from", dest="files", metavar="FILE", type=Path, action="append", default=[], help="a snapshot, as it stands"
    )
    group.add_argument("--entry", metavar="DIGEST", action="append", default=[], help="a saved forecast of the record")
    if several:
        group.add_argument("--all", action="store_true", help="every saved forecast of the record")
    group.add_argument("--record", metavar="URL", help="another record than this user's")
    add_settings(parser)
    add_library(parser)


def sources(args: argparse.Namespace, progress: Progress | None = None) -> tuple[ExportSource, ...]:
    """The forecasts that the options ask for.

    Raises
    ------
    RecordError, SnapshotError, FileError, AssumptionError, FitError
    """
    given = [ExportSource(snapshot=read_snapshot_file(path)) for path in args.files]
    if args.entry or getattr(args, "all", False):
        given += _entries(args, progress)
    if given:
        return tuple(given)
    today = present(args)
    return (ExportSource(snapshot=today.snapshot(today.inputs())),)


def only(args: argparse.Namespace) -> ExportSource:
    """The one forecast that the options ask for."""
    given = sources(args)
    if len(given) != 1:
        raise FormatError(f"got {len(given)} forecasts, expected one; give --from or --entry once")
    return given[0]


def drawn(args: argparse.Namespace) -> Drawn:
    """One forecast with its draws: today's, or those stored in the snapshot.

    Raises
    ------
    FormatError
        A light snapshot holds no draws.
    """
    content = _archived(args)
    if content is None:
        return chosen(args)
    archive = read_archive(content)
    if not archive.inputs:
        raise FormatError("this snapshot holds no draws; give one that was exported with its inputs")
    evidence, library = read_inputs(archive.inputs)
    return Drawn.of(evidence, library, restored(archive.snapshot, evidence.claims))


def _archived(args: argparse.Namespace) -> bytes | None:
    if len(args.files) + len(args.entry) > 1:
        raise FormatError("got several forecasts, expected one; give --from or --entry once")
    if args.files:
        return read_limited(args.files[0], MAX_BYTES)
    if not args.entry:
        return None
    from models.record.store import Record

    with Record.open(args.record) as record:
        return record.archive(record.find(args.entry[0]), {})


def answers(args: argparse.Namespace) -> tuple[Resolution, ...]:
    """What the record says became of its questions, where the forecasts come from the record."""
    if not (args.entry or getattr(args, "all", False)):
        return ()
    from models.record.store import Record

    with Record.open(args.record) as record:
        return record.resolutions()


def _entries(args: argparse.Namespace, progress: Progress | None) -> list[ExportSource]:
    from models.record.store import Record  # the record's database is loaded only when it is asked for

    with Record.open(args.record) as record:
        chosen = record.forecasts() if getattr(args, "all", False) else [record.find(entry) for entry in args.entry]
        if not chosen:
            raise FormatError("the record holds no forecast; save one first (python -m models record save)")
        read = []
        for number, saved in enumerate(chosen, start=1):
            read.append(ExportSource(snapshot=record.snapshot(saved), saved=saved))
            if progress:
                progress(number, len(chosen), "Reading saved forecasts.")
        return read
