"""The documents behind saved forecasts, read from a database or from a file, each checked on its digest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import MappingProxyType
from typing import TYPE_CHECKING

from models.record import contents
from models.record.verification import Progress, damages
from models.snapshot.archive import snapshot_bytes
from models.snapshot.document import read_document
from models.snapshot.value import Snapshot
from models.storage.disk import Files

if TYPE_CHECKING:
    from models.record.contents import Packed
    from models.record.entries import Damage, SavedForecast


class Documents(ABC):
    """What can be read of any record (`models.record.verification.Source`), wherever its bytes lie."""

    @abstractmethod
    def packed(self, address: str) -> Packed:
        """A stored content as it lies there, unchecked."""

    def content(self, address: str) -> bytes:
        """A stored content by its SHA-256.

        Raises
        ------
        RecordError
            It is missing, or not as it was saved.
        """
        return contents.unpack(self.packed(address))

    def snapshot(self, saved: SavedForecast) -> Snapshot:
        """The forecast's snapshot, its digest checked."""
        return read_document(self.content(saved.snapshot))

    def inputs(self, saved: SavedForecast) -> Files:
        """The stored inputs by name, their digests checked."""
        return MappingProxyType({name: self.content(address) for name, address in saved.inputs.items()})

    def archive(self, saved: SavedForecast, charts: Files) -> bytes:
        """The snapshot's zip, as the page and the command line export it."""
        return snapshot_bytes(self.snapshot(saved), charts, self.inputs(saved))

    def verify(self, progress: Progress | None = None) -> tuple[Damage, ...]:
        """Everything in the record that is not as it was saved, by entry and place; nothing when all is whole.

        Parameters
        ----------
        progress : callable, optional
            Told how many of how many entries have been read.
        """
        return damages(self, progress)
