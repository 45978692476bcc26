"""The local library: the committed one with the accepted refits of one folder added, apart from the committed files.

Several servers may use one folder. Every accepted fit stands under its own key; the pool is made anew, under a lock,
from all that are there, and appears under its own key by one rename. A reader sees an old pool or a new one, whole.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from filelock import FileLock, Timeout

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.errors import AssumptionError, FitError
from models.fits.alignment_fit import AlignmentFit, load_fit
from models.library.files import load_library, save_library
from models.library.library import Library
from models.library.pool import Part, part_of, parts_of, pooled, provenance_of, solve_supports
from models.measures.drivers import driver_table
from models.storage.disk import explained

MOST_ANCHORS = 24
"""Newest refits that are pooled: half as many again as the committed anchors, so that a move stays fast."""
REFIT_DRAWS = 1500
"""Draws kept of a refit, twice an anchor's: somebody asked for exactly this place."""
KEPT_POOLS = 2
"""The newest, and the one that a reader may be reading."""
LOCK_SECONDS = 60.0


def join_refits(evidence: Evidence, committed: Library, folder: Path) -> Library | None:
    """Pool the committed library with the folder's refits and store the result.

    Parameters
    ----------
    folder : Path
        Holds ``fits/<key>/``, each written by `models.fits.alignment_fit.save_fit`; the pool goes to
        ``library/<key>/``.

    Returns
    -------
    Library or None
        None when there is no refit to add.

    Raises
    ------
    FitError
        Another process held the lock for a minute, or the fits cannot be pooled.
    FileError
        The folder cannot be written.
    """
    pools = folder / "library"
    with explained(pools, "written"):
        pools.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(pools / "lock", timeout=LOCK_SECONDS):
                return _rebuilt(evidence, committed, folder)
        except Timeout as error:
            raise FitError(
                f"another process has been writing {pools.name}/ for {LOCK_SECONDS:g} seconds; try again later"
            ) from error


def local_library(committed: Library, folder: Path) -> Library | None:
    """The newest whole pool that was made from this committed library, None when there is none."""
    for path in newest_pools(folder):
        with suppress(FitError):
            library = load_library(path)
            if (
                library.provenance.parent == committed.key
                and library.provenance.answers_to == committed.provenance.answers_to
            ):
                joined = library.joined_by(committed.members) if committed.members else library
                return joined.doubted(committed.unchecked)
    return None


def newest_pools(folder: Path) -> list[Path]:
    """Folders of pools, the newest first."""
    return _newest_first(path for path in (folder / "library").glob("*") if path.is_dir())


def _rebuilt(evidence: Evidence, committed: Library, folder: Path) -> Library | None:
    added = list(islice(_joinable(evidence, committed, folder), MOST_ANCHORS))
    if not added:
        return None
    parts = [*parts_of(committed), *(part for _, part in added)]
    provenance = provenance_of(added[0][0], parent=committed.key)
    library = pooled(parts, provenance, solve_supports(parts))
    save_library(library, folder / "library" / library.key)
    for path in newest_pools(folder)[KEPT_POOLS:]:
        shutil.rmtree(path, ignore_errors=True)
    return library


def _joinable(evidence: Evidence, committed: Library, folder: Path) -> Iterator[tuple[AlignmentFit, Part]]:
    """Refits that answer to the same evidence, rule and model and passed their checks, the newest first, each once. One
    whose values are no longer among the knobs is left out, so that it cannot keep the others from joining."""
    knobs, drivers = Assumptions.defaults(evidence.claims).knobs, driver_table(evidence)
    pooled_keys = {anchor.fit_key for anchor in committed.anchors}
    for path in _newest_first((folder / "fits").glob("*")):
        with suppress(FitError, AssumptionError):
            fit = load_fit(path)
            if fit.key in pooled_keys or not _usable(committed, fit):
                continue
            part = part_of(f"refit {fit.key[:12]}", fit, drivers, knobs, REFIT_DRAWS)
            pooled_keys.add(fit.key)
            yield fit, part


def _usable(committed: Library, fit: AlignmentFit) -> bool:
    return provenance_of(fit).answers_to == committed.provenance.answers_to and fit.diagnostics.passed


def _newest_first(paths: Iterator[Path]) -> list[Path]:
    timed = []
    for path in paths:
        with suppress(OSError):
            timed.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(timed, reverse=True)]
