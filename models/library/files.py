"""Libraries on disk: two small files, keyed by what they answer to and by the digest of what they hold."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from data.digest import digest
from data.types import Evidence
from models.alignment.collapsed import PER_DRAW, SHARED, CollapsedDraws
from models.alignment.priors import AlignmentPrior
from models.errors import MissingFitError, StaleFitError
from models.fits.certificate import plain_checks, read_checks
from models.library.library import Anchor, Library, PathSample, Provenance
from models.library.members import committed_members
from models.measures.structure import ALIGNMENT
from models.outcome.rule import RULE
from models.storage.arrays import read_arrays
from models.storage.disk import write_together

COMMITTED = Path(__file__).parent / "anchor_library"
LIBRARY_FORMAT = 2
DRAWS, META = "library.npz", "library.json"
MAX_LIBRARY_BYTES = 32 * 2**20
REBUILD = "rebuild it with `python -m models library build`"


def save_library(library: Library, folder: Path) -> None:
    """Write ``library.json`` (anchors, their priors and supports, digests of the draws and of itself) and
    ``library.npz``.

    Collapsed draws are stored in single precision: a push of one latent point is then off by less than 1e-6, a
    probability by nothing that could be shown. All computation is in double precision.
    """
    write_together(folder, library_files(library))


def library_files(library: Library) -> dict[str, bytes]:
    """The files by name, in the order in which they must appear."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **library_arrays(library))
    meta = {
        "format": LIBRARY_FORMAT,
        "key": library.key,
        "draws_digest": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "resolution": library.ledgers,
        "provenance": _plain_provenance(library.provenance),
        "anchors": [_plain_anchor(anchor) for anchor in library.anchors],
    }
    text = json.dumps({**meta, "digest": digest(meta)}, indent=1, sort_keys=True, allow_nan=False)
    return {DRAWS: buffer.getvalue(), META: (text + "\n").encode()}


def load_library(folder: Path) -> Library:
    """Read a library that `save_library` wrote.

    Raises
    ------
    MissingFitError
        A file is absent.
    StaleFitError
        A file is damaged, too large, of another format, or not the other's partner.
    """
    for name in (DRAWS, META):
        if not (folder / name).is_file():
            raise MissingFitError(f"no {name} in {folder.name}/, expected a library; {REBUILD}")
    try:
        for name in (DRAWS, META):
            if (folder / name).stat().st_size > MAX_LIBRARY_BYTES:
                raise StaleFitError(f"{folder.name}/{name} is larger than {MAX_LIBRARY_BYTES} bytes; {REBUILD}")
        return read_library((folder / META).read_bytes(), (folder / DRAWS).read_bytes())
    except (ValueError, KeyError, TypeError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise StaleFitError(f"{folder.name}/ is damaged ({error}); {REBUILD}") from error


def read_library(text: bytes, draws: bytes) -> Library:
    """The library in two files' bytes; any error of theirs comes through as it is."""
    meta = json.loads(text)
    if meta["format"] != LIBRARY_FORMAT:
        raise StaleFitError(f"got library format {meta['format']}, expected {LIBRARY_FORMAT}; {REBUILD}")
    if meta["digest"] != digest({name: value for name, value in meta.items() if name != "digest"}):
        raise ValueError(f"{META} was changed by hand: its digest is not that of its content")
    if meta["draws_digest"] != hashlib.sha256(draws).hexdigest():
        raise ValueError(f"{DRAWS} is not the file that {META} certifies")
    library = _assemble(meta, read_arrays(draws, DRAWS))
    if library.key != meta["key"]:
        raise ValueError(f"the key in {META} is not that of its anchors and draws")
    return library


def committed_library(evidence: Evidence, folder: Path = COMMITTED) -> Library:
    """Load the library of the project, with the fits of the other models, and make sure that all of it answers to this
    evidence, this rule and these models.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    library = load_library(folder)
    names = ("evidence", "rule", "model")
    expected = (evidence.digest, RULE.digest, ALIGNMENT.digest)
    changed = [
        name for name, got, want in zip(names, library.provenance.answers_to, expected, strict=True) if got != want
    ]
    if changed:
        raise StaleFitError(
            f"the library was fitted to another {' and '.join(changed)}; expected the present one; {REBUILD}"
        )
    return library.joined_by(committed_members(evidence))


def library_arrays(library: Library) -> dict[str, np.ndarray]:
    """The arrays as they are stored."""
    draws, paths = library.draws, library.paths
    return {
        **{f"draws.{name}": getattr(draws, name).astype(np.float32) for name in PER_DRAW},
        **{f"shared.{name}": getattr(draws, name) for name in SHARED},
        "counts": np.ascontiguousarray(library.counts.T),
        "anchor": library.anchor,
        "chain": library.chain,
        "path.rows": paths.rows.astype(np.int32),
        "path.years": paths.years.astype(np.int16),
        "path.alignment": paths.alignment.astype(np.float16),
        "path.future": paths.future.astype(np.float16),
    }


def _assemble(meta: Mapping, arrays: Mapping[str, np.ndarray]) -> Library:
    provenance = meta["provenance"]
    return Library(
        draws=CollapsedDraws(
            **{name: arrays[f"draws.{name}"] for name in PER_DRAW},
            **{name: arrays[f"shared.{name}"] for name in SHARED},
        ),
        counts=arrays["counts"].T,
        ledgers=meta["resolution"],
        anchor=arrays["anchor"],
        chain=arrays["chain"],
        anchors=tuple(_read_anchor(plain) for plain in meta["anchors"]),
        paths=PathSample(
            rows=arrays["path.rows"],
            years=arrays["path.years"],
            alignment=arrays["path.alignment"].astype(np.float32),
            future=arrays["path.future"].astype(np.float32),
        ),
        provenance=Provenance(**{**provenance, "reference_date": date.fromisoformat(provenance["reference_date"])}),
    )


def _plain_provenance(provenance: Provenance) -> dict[str, object]:
    fields = {name: getattr(provenance, name) for name in provenance.__slots__}
    return {**fields, "reference_date": provenance.reference_date.isoformat(), "versions": dict(provenance.versions)}


def _read_anchor(plain: Mapping) -> Anchor:
    read = {"prior": AlignmentPrior.of(plain["prior"]), "diagnostics": read_checks(plain["diagnostics"])}
    return Anchor(**{**plain, **read})


def _plain_anchor(anchor: Anchor) -> dict[str, object]:
    fields = {name: getattr(anchor, name) for name in anchor.__slots__}
    return {
        **fields,
        "values": dict(anchor.values),
        "prior": anchor.prior.plain,
        "diagnostics": plain_checks(anchor.diagnostics),
    }
