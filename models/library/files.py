"""Libraries on disk: two small files, keyed by what they answer to and by the digest of what they hold."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import numpy as np

from data.digest import Fields, digest, sha256
from data.types import Evidence
from models.alignment.collapsed import EARLY, PER_DRAW, SHARED, CollapsedDraws
from models.alignment.priors import AlignmentPrior
from models.fits.certificate import load_pair, plain_checks, read_checks, require_partner, require_present
from models.fits.dated import dated
from models.library.checked import read_check, why_not_green
from models.library.library import Anchor, Library, PathSample, Provenance
from models.library.members import committed_members
from models.measures.simulated import Simulated
from models.measures.structure import ALIGNMENT, digest_at
from models.storage.arrays import Arrays, packed_arrays, read_arrays
from models.storage.disk import Files, write_together
from models.storage.strict_json import json_text

LIBRARY_FORMAT = 3
FORMER_FORMAT = 2
"""Without simulated ledgers, one volatility for all years."""
DRAWS, META = "library.npz", "library.json"
FORMER_PER_DRAW = tuple(name for name in PER_DRAW if name not in EARLY)
FORMER_SHARED = tuple(name for name in SHARED if name != "steps_before")
OUTSIDE = ("calm_hazard", "base_rate_weight")
"""Keys beside an anchor's prior that are not the latent-alignment model's."""
MAX_LIBRARY_BYTES = 32 * 2**20
REBUILD = "rebuild it with `python -m models library build`"


def save_library(library: Library, folder: Path) -> None:
    """Write ``library.json`` (anchors, their priors and supports, digests of the draws and of itself) and
    ``library.npz``.

    Collapsed draws are stored in single precision: a push of one latent point is then off by less than 1e-6, a
    probability by nothing that could be shown. All computation is in double precision.
    """
    write_together(folder, library_files(library))


def library_files(library: Library) -> Files:
    """The files by name, in the order in which they must appear."""
    draws = packed_arrays(library_arrays(library))
    return {DRAWS: draws, META: library_text(library, sha256(draws))}


def library_text(library: Library, draws_digest: str) -> bytes:
    """The certificate as it is stored beside draws of this digest."""
    meta = {
        "format": LIBRARY_FORMAT if library.simulated else FORMER_FORMAT,
        "key": library.key,
        "draws_digest": draws_digest,
        "resolution": library.ledgers,
        "provenance": _plain_provenance(library.provenance),
        "anchors": [_plain_anchor(anchor) for anchor in library.anchors],
    }
    return json_text(meta | {"digest": digest(meta)})


def load_library(folder: Path) -> Library:
    """Read a library that `save_library` wrote.

    Raises
    ------
    MissingFitError
        A file is absent.
    StaleFitError
        A file is damaged, too large, of another format, or not the other's partner.
    """
    names = META, DRAWS
    return load_pair(folder, names, read_library, what="a library", rebuild=REBUILD, limit=MAX_LIBRARY_BYTES)


def read_library(meta: Mapping, draws: bytes, check: Callable[[Mapping], None] = lambda _: None) -> Library:
    """The library of a certificate and the draws' bytes; what is wrong in them is raised as it comes.

    Parameters
    ----------
    check : callable
        Refuses arrays before anything is computed from them.
    """
    known = FORMER_FORMAT if meta["format"] == FORMER_FORMAT else LIBRARY_FORMAT
    require_partner(meta, draws, known, "library", REBUILD)
    if meta["digest"] != digest({name: value for name, value in meta.items() if name != "digest"}):
        raise ValueError("it was changed by hand: its digest is not that of its content")
    arrays = read_arrays(draws, DRAWS)
    check(arrays)
    library = _assemble(meta, arrays)
    if library.key != meta["key"]:
        raise ValueError(f"the key in {META} is not that of its anchors and draws")
    return library


def committed_library(evidence: Evidence, folder: Path | None = None) -> Library:
    """Load the library of the project, with the fits of the other models, and make sure that all of it answers to this
    evidence, this rule and these models. Until it was held against refits its answers are called fair at best.

    Parameters
    ----------
    folder : Path, optional
        Holds all of them; that of the evidence's date by default.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    folder = folder or dated(evidence.as_of)
    library = load_library(folder)
    sentence = "the library was fitted to another {}; expected the present one; " + REBUILD
    require_present(library.provenance.answers_to, evidence, digest_at(ALIGNMENT.digest, evidence.as_of), sentence)
    joined = library.joined_by(committed_members(evidence, folder))
    return joined.doubted(why_not_green(read_check(folder, library.key)))


def library_arrays(library: Library) -> Arrays:
    """The arrays as they are stored."""
    draws, paths = library.draws, library.paths
    per_draw, shared = (PER_DRAW, SHARED) if library.simulated else (FORMER_PER_DRAW, FORMER_SHARED)
    return {
        **{f"draws.{name}": getattr(draws, name).astype(np.float32) for name in per_draw},
        **{f"shared.{name}": getattr(draws, name) for name in shared},
        "counts": np.ascontiguousarray(library.counts.T),
        "anchor": library.anchor,
        "chain": library.chain,
        "path.rows": paths.rows.astype(np.int32),
        "path.years": paths.years.astype(np.int16),
        "path.alignment": paths.alignment.astype(np.float16),
        "path.future": paths.future.astype(np.float16),
        **(library.simulated.arrays if library.simulated else {}),
    }


def _assemble(meta: Mapping, arrays: Arrays) -> Library:
    provenance = meta["provenance"]
    return Library(
        draws=_draws(arrays),
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
        simulated=Simulated.of_arrays(arrays),
    )


def stored_per_draw(form: int) -> tuple[str, ...]:
    """Arrays of collapsed draws, one value or row a draw, that a library of a format holds."""
    return FORMER_PER_DRAW if form == FORMER_FORMAT else PER_DRAW


def _draws(arrays: Arrays) -> CollapsedDraws:
    """Collapsed draws; those of the first structure know no years before a split."""
    own = {name.removeprefix("draws."): values for name, values in arrays.items() if name.startswith("draws.")}
    shared = {name.removeprefix("shared."): values for name, values in arrays.items() if name.startswith("shared.")}
    if "volatility_before" not in own:
        own |= {"volatility_before": own["volatility"], "total_before": np.zeros_like(own["total"])}
        shared["steps_before"] = np.zeros(())
    return CollapsedDraws(**own, **shared)


def _plain_provenance(provenance: Provenance) -> Fields:
    fields = {name: getattr(provenance, name) for name in provenance.__slots__}
    return {**fields, "reference_date": provenance.reference_date.isoformat(), "versions": dict(provenance.versions)}


def _read_anchor(plain: Mapping) -> Anchor:
    prior = dict(plain["prior"])
    outside = {name: prior.pop(name) for name in OUTSIDE}
    read = {"prior": AlignmentPrior.of(prior), "diagnostics": read_checks(plain["diagnostics"])}
    return Anchor(**{**plain, **read, "outside": outside})


def _plain_anchor(anchor: Anchor) -> Fields:
    fields = {name: getattr(anchor, name) for name in anchor.__slots__ if name != "outside"}
    return {
        **fields,
        "values": dict(anchor.values),
        "prior": {**anchor.prior.plain, **anchor.outside},
        "diagnostics": plain_checks(anchor.diagnostics),
    }
