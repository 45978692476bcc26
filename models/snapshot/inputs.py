"""What a forecast was made from, as bytes that travel with its snapshot, and back: evidence, library, members."""

import json
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType

import jsonschema
import numpy as np

from data.days import horizons_from
from data.digest import Fields, canonical_json, sha256
from data.errors import ConjunctionError
from data.evidence_document import evidence_of
from data.types import Evidence
from models.errors import SnapshotError, StorageError
from models.fits.dated import dated
from models.fits.member_fit import MemberFit, member_arrays, member_text, read_member
from models.fits.probabilities import OUTCOMES
from models.library.files import DRAWS, META, library_arrays, library_text, read_library, stored_per_draw
from models.library.library import Library
from models.library.members import Members, regimes_name
from models.names import MODEL_M2
from models.regimes.pool import ANCHORS
from models.storage.arrays import Arrays, packed_arrays, read_arrays
from models.storage.disk import Files
from models.storage.strict_json import read_strict_json
from models.storage.zips import SHOWN

EVIDENCE = "evidence.json"
MEMBER_NAMES = (MODEL_M2, *(regimes_name(anchor) for anchor in ANCHORS))
LIBRARY_NAMES = (EVIDENCE, META, DRAWS)
ALL_NAMES = (*LIBRARY_NAMES, *(f"{name}.{kind}" for name in MEMBER_NAMES for kind in ("json", "npz")))
INPUT_NAME = re.compile("|".join(re.escape(name) for name in ALL_NAMES))
SCHEMA_FILE = Path(__file__).with_name("inputs_schema.json")
MAX_WORK = 8_000_000
"""Draws times anchors: each takes some 30 bytes and 150 nanoseconds. The committed library has 2.3 million, one with
every refit that a folder can add 6 million."""
MAX_INPUT_BYTES = 14 * 2**20
"""Leaves 2 MB of a snapshot to the charts (1.4 MB) and the document (docs/decisions/0018)."""
LARGEST = 1e6
"""Far beyond any draw, far from overflow when multiplied."""
RANGES = {"persistence": (0.0, 1.0), "volatility": (0.0, LARGEST), "volatility_before": (0.0, LARGEST)}
_FAULTS = (ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError)


@lru_cache(maxsize=2)
def inputs_of(evidence: Evidence, library: Library) -> Files:
    """Everything that a forecast is computed from beside its assumptions, by name.

    Files of the repository come as they lie there: compressors differ between machines, and so would the digests.

    Returns
    -------
    Mapping of bytes
        ``evidence.json``, whose SHA-256 is the evidence's digest; ``library.json`` and ``library.npz``; and the same
        two for each fit of the other models.
    """
    files, here = {EVIDENCE: canonical_json(evidence.document)}, dated(evidence.as_of)
    files |= _stored(here, (META, DRAWS), partial(library_text, library), library_arrays(library))
    for name, fit in (library.members.fits if library.members else {}).items():
        files |= _stored(here, (f"{name}.json", f"{name}.npz"), partial(member_text, fit), member_arrays(fit))
    require_input_names(files)
    return MappingProxyType({name: files[name] for name in ALL_NAMES if name in files})


def fit_in(inputs: Files) -> bool:
    """Whether inputs leave room for the rest of a snapshot: a local library with many refits may not."""
    return sum(len(content) for content in inputs.values()) <= MAX_INPUT_BYTES


def read_inputs(files: Files) -> tuple[Evidence, Library]:
    """Evidence and library from bytes that may come from anyone.

    Raises
    ------
    SnapshotError
        A file is missing or unknown, holds anything but what this program writes, or two do not belong together.
    """
    require_input_names(files)
    try:
        with np.errstate(all="ignore"):  # numbers of strangers may overflow; what comes of it is compared, not trusted
            evidence = _read_evidence(files[EVIDENCE])
            library = _read_library(files[META], files[DRAWS])
            if library.provenance.reference_date != evidence.as_of:
                raise _refused(META, f"the reference date {library.provenance.reference_date}", str(evidence.as_of))
            return evidence, _joined(evidence, library, files)
    except StorageError:
        raise
    except ConjunctionError as error:
        raise SnapshotError(f"the snapshot's inputs: {str(error)[:400]}") from error
    except _FAULTS as error:
        reason = ascii(str(error)[:SHOWN]).strip("'\"")
        raise _refused("the snapshot's inputs", f"a fault ({reason})", "what this program stores") from error


def require_input_names(names: Fields) -> None:
    """Refuse unknown names, half a pair and half a set; an empty set is a light snapshot's.

    Raises
    ------
    SnapshotError
    """
    fits = {name for name in MEMBER_NAMES if f"{name}.json" in names}
    whole = {*LIBRARY_NAMES, *(f"{name}.{kind}" for name in fits for kind in ("json", "npz"))}
    if odd := sorted(names.keys() ^ whole):
        raise _refused("the snapshot's inputs", f"a set that differs in {odd[0][:SHOWN]!a}", "a whole set")
    if fits and (MODEL_M2 not in fits or len(fits) == 1):
        raise _refused("the snapshot's inputs", "fits of one model beside the library", "those of two or none")


def _refused(place: str, got: str, expected: str) -> SnapshotError:
    return SnapshotError(f"{place}: got {got}, expected {expected}; export the snapshot again")


def _stored(folder: Path, names: tuple[str, str], text_of: Callable[[str], bytes], arrays: Arrays) -> Files:
    """The committed pair of files if it holds just this, else a new one.

    Parameters
    ----------
    text_of : callable
        The certificate beside draws of a digest.
    """
    text, draws = ((folder / name).read_bytes() if (folder / name).is_file() else b"" for name in names)
    if not (draws and text == text_of(sha256(draws)) and _same(arrays, read_arrays(draws, names[1]))):
        draws = packed_arrays(arrays)
        text = text_of(sha256(draws))
    return dict(zip(names, (text, draws), strict=True))


def _same(mine: Arrays, stored: Arrays) -> bool:
    return mine.keys() == stored.keys() and all(
        array.dtype == stored[name].dtype and np.array_equal(array, stored[name]) for name, array in mine.items()
    )


@lru_cache(maxsize=2)
def _validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA_FILE.read_bytes())
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]})


def place_of(error: jsonschema.ValidationError) -> str:
    """Where a document breaks its schema, key after key."""
    return " > ".join(str(part)[:SHOWN] for part in error.absolute_path) or "the top level"


def _read_json(content: bytes, name: str, schema: str) -> Fields:
    document = read_strict_json(content, name)
    error = next(_validator(schema).iter_errors(document), None)
    if error is not None:
        place = place_of(error)
        raise _refused(f"{name} at {place}", f"a value that breaks the rule {error.validator!r}", "one as stored")
    return document


def _read_evidence(content: bytes) -> Evidence:
    evidence = evidence_of(read_strict_json(content, EVIDENCE))
    if canonical_json(evidence.document) != content:
        raise _refused(EVIDENCE, "a document in another form", "the canonical one")
    return evidence


def _read_library(text: bytes, draws: bytes) -> Library:
    meta = _read_json(text, META, "library")
    return read_library(meta, draws, partial(_require_draws, meta))


def _require_draws(meta: Fields, arrays: Arrays) -> None:
    """Refuse draws that no library has, before anything is computed from them."""
    anchor, chain, counts, rows = (arrays[name] for name in ("anchor", "chain", "counts", "path.rows"))
    if anchor.size * len(meta["anchors"]) > MAX_WORK:
        raise _refused(DRAWS, f"{anchor.size} draws of {len(meta['anchors'])} fits", f"a product up to {MAX_WORK}")
    if not (anchor.size and anchor.min() >= 0 and chain.min() >= 0):
        raise _refused(DRAWS, "no draws, or of a fit below 0", "draws of the fits listed")
    shares = len(horizons_from(date.fromisoformat(meta["provenance"]["reference_date"]))) * len(OUTCOMES)
    if counts.ndim != 2 or counts.shape[0] != shares or counts.max() > meta["resolution"]:
        raise _refused(DRAWS, "counts that are no shares of the simulated ledgers", f"{shares} rows of shares")
    for name in stored_per_draw(meta["format"]):
        low, high = RANGES.get(name, (-LARGEST, LARGEST))
        if not (arrays[f"draws.{name}"] > low).all() or not (arrays[f"draws.{name}"] < high).all():
            raise _refused(f"{DRAWS}: {name}", f"draws outside {low:g} to {high:g}", "draws of a fit")
    if rows.size and not (rows.min() >= 0 and rows.max() < anchor.size):
        raise _refused(DRAWS, "paths of draws that are not there", "paths of draws in the pool")


def _joined(evidence: Evidence, library: Library, files: Files) -> Library:
    if not files.keys() - set(LIBRARY_NAMES):
        return library
    fits = {name: _read_member(name, files) for name in MEMBER_NAMES if f"{name}.json" in files}
    ordered = fits.pop(MODEL_M2)
    for name, fit in fits.items():
        if regimes_name(fit.assumptions_values["stickiness"]) != name:
            raise _refused(name, f"a fit at stickiness {fit.assumptions_values['stickiness']}", "the one of its name")
    return library.joined_by(Members(evidence=evidence, ordered=ordered, regimes=tuple(fits.values())))


def _read_member(name: str, files: Files) -> MemberFit:
    fit = read_member(_read_json(files[f"{name}.json"], f"{name}.json", "member"), files[f"{name}.npz"])
    for kind in ("state", "any_rupture", "any_deeper"):
        values = getattr(fit.forecast, kind)
        if not (values.min() >= 0 and values.max() <= 1 + 1e-6):
            raise _refused(f"{name}.npz", f"{kind} outside 0 to 1", "probabilities")
    return fit
