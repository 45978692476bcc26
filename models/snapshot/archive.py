"""The zip of a snapshot: written the same way every time, read without trusting anything, never extracted to disk."""

import hashlib
import io
import re
import stat
import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import NoReturn

from models.errors import SnapshotError
from models.snapshot.document import read_document, schema_bytes
from models.snapshot.inputs import INPUT_NAME
from models.snapshot.value import Snapshot
from models.storage.disk import ZIP_FAULTS
from models.storage.repacked import exported_names
from models.storage.safe_csv import safe_csv

JSON_NAME, CSV_NAME, SCHEMA_NAME = "snapshot.json", "forecast.csv", "snapshot_schema.json"
README_NAME, MANIFEST_NAME, CHART_FOLDER, INPUT_FOLDER = "README.txt", "MANIFEST", "charts/", "inputs/"
REQUIRED = frozenset({JSON_NAME, CSV_NAME, SCHEMA_NAME, README_NAME, MANIFEST_NAME})
CHART_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,60}\.(png|svg)")
SUFFIX = ".zip"

MAX_BYTES = 10 * 2**20
MAX_UNPACKED_BYTES = 50 * 2**20
MAX_MEMBERS = 64
MAX_ENTRIES = 4 * MAX_MEMBERS
"""A file manager adds a file of its own beside each, and folders."""
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold: a clock would make two exports of one forecast differ."""
ZIP_START = b"PK\x03\x04"
_MANIFEST_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_./]{1,100})")
_SHOWN = 80


def snapshot_bytes(
    snapshot: Snapshot, charts: Mapping[str, bytes], inputs: Mapping[str, bytes] = MappingProxyType({})
) -> bytes:
    """Write the zip. The same snapshot, charts and inputs give the same bytes on every computer.

    Parameters
    ----------
    snapshot : Snapshot
    charts : Mapping[str, bytes]
        File name (``states.png``) to content.
    inputs : Mapping[str, bytes]
        What the snapshot was built with (`models.snapshot.inputs.inputs_of`); nothing for a light one.

    Raises
    ------
    SnapshotError
        A chart's name is not a plain ``.png`` or ``.svg`` name, the inputs are not the snapshot's, or the whole is
        larger than can be read again.
    """
    _require_inputs(snapshot, inputs)
    for name in charts:
        if not CHART_NAME.fullmatch(name):
            raise SnapshotError(
                f"got the chart name {name!r}, expected small letters, digits and _ before .png or .svg"
            )
    members = {
        JSON_NAME: snapshot.json,
        CSV_NAME: safe_csv(snapshot.table),
        SCHEMA_NAME: schema_bytes(),
        README_NAME: readme(snapshot).encode(),
        **{CHART_FOLDER + name: content for name, content in charts.items()},
        **{INPUT_FOLDER + name: content for name, content in inputs.items()},
    }
    content = _zipped({**members, MANIFEST_NAME: _manifest(members)})
    if len(content) > MAX_BYTES:
        raise SnapshotError(
            f"got a snapshot of {len(content)} bytes, expected at most {MAX_BYTES}; shorten the reasons"
        )
    return content


def read_snapshot(content: bytes) -> Snapshot:
    """Read a snapshot from its zip or from the bare snapshot.json.

    Raises
    ------
    SnapshotError
        Anything at all is wrong; the message says what was got, what was expected and what to do.
    """
    return read_archive(content)[0]


def read_archive(content: bytes) -> tuple[Snapshot, Mapping[str, bytes]]:
    """Read a snapshot and the inputs that came with it, by name: none from a light zip or the bare snapshot.json.

    The inputs' digests are those of the snapshot; what is in them, `models.snapshot.inputs.read_inputs` reads.

    Raises
    ------
    SnapshotError
        As `read_snapshot`.
    """
    if not content:
        raise SnapshotError("the file is empty; export the snapshot again")
    if len(content) > MAX_BYTES:
        raise SnapshotError(
            f"got more than {MAX_BYTES} bytes, expected a snapshot of at most that; check what the file is"
        )
    if not content.startswith(ZIP_START):
        return read_document(content), MappingProxyType({})
    members = read_members(content)
    snapshot = read_document(members[JSON_NAME])
    if members[CSV_NAME] != safe_csv(snapshot.table):
        raise SnapshotError(f"{CSV_NAME} does not hold the numbers of {JSON_NAME}; export the snapshot again")
    stored = {name.removeprefix(INPUT_FOLDER): data for name, data in members.items() if name.startswith(INPUT_FOLDER)}
    _require_inputs(snapshot, stored)
    return snapshot, MappingProxyType(stored)


def read_members(content: bytes) -> Mapping[str, bytes]:
    """Every file of a snapshot's zip by name, each as MANIFEST says.

    Raises
    ------
    SnapshotError
    """
    members = _members(content)
    _require_manifest(members)
    return members


def is_as_exported(content: bytes, members: Mapping[str, bytes]) -> bool:
    """Whether a zip with these files is the very one that an export writes, and was not packed again."""
    return _zipped(members) == content


def _require_inputs(snapshot: Snapshot, inputs: Mapping[str, bytes]) -> None:
    found = {name: _sha256(content) for name, content in inputs.items()}
    wrong = sorted(name for name in found.keys() | snapshot.inputs if found.get(name) != snapshot.inputs.get(name))
    if wrong:
        got, expected = (one.get(wrong[0], "nothing")[:12] for one in (found, snapshot.inputs))
        _refuse(INPUT_FOLDER + wrong[0], f"content with SHA-256 {got}", f"{expected} as {JSON_NAME} says")


def _zipped(members: Mapping[str, bytes]) -> bytes:
    """Stored, not compressed: compressors differ between machines, and the pictures are compressed already."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, FIRST_DAY)
            info.create_system, info.external_attr = 3, (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, members[name])
    return buffer.getvalue()


def _manifest(members: Mapping[str, bytes]) -> bytes:
    """Lines as ``sha256sum`` writes them: ``sha256sum --check MANIFEST`` verifies an unpacked snapshot."""
    return "".join(f"{_sha256(members[name])}  {name}\n" for name in sorted(members)).encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _members(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_ENTRIES:
                _refuse("the zip", f"{len(infos)} files", f"at most {MAX_MEMBERS}")
            named = exported_names(infos, MANIFEST_NAME)
            _require_harmless(named)
            return {name: _content(archive, info) for name, info in named.items()}
    except SnapshotError:
        raise
    except ZIP_FAULTS as error:
        reason = ascii(str(error)[:_SHOWN]).strip("'\"")  # the library quotes whatever bytes stood in the file
        raise SnapshotError(f"the zip is damaged or cut off ({reason}); export the snapshot again") from error


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """At most the declared size, so that a member that unpacks to more than it says is noticed."""
    with archive.open(info) as stream:
        found = stream.read(info.file_size + 1)
    if len(found) != info.file_size:
        _refuse(info.filename, "another size than the zip declares", "the declared one")
    return found


def _require_harmless(named: Mapping[str, zipfile.ZipInfo]) -> None:
    if len(named) > MAX_MEMBERS:
        _refuse("the zip", f"{len(named)} files", f"at most {MAX_MEMBERS}")
    for name, info in named.items():
        _require_harmless_member(name, info)
    total = sum(info.file_size for info in named.values())
    if total > MAX_UNPACKED_BYTES:
        _refuse("the zip", f"{total} bytes unpacked", f"at most {MAX_UNPACKED_BYTES}")
    if missing := sorted(REQUIRED - named.keys()):
        _refuse("the zip", f"no {missing[0]}", "one")


def _require_harmless_member(name: str, info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    chart = name.startswith(CHART_FOLDER) and CHART_NAME.fullmatch(name.removeprefix(CHART_FOLDER))
    stored = name.startswith(INPUT_FOLDER) and INPUT_NAME.fullmatch(name.removeprefix(INPUT_FOLDER))
    if not (name in REQUIRED or chart or stored):
        _refuse("the zip", f"a file named {name[:_SHOWN]!a}", "only the files that an export holds; take it out")
    if kind not in (0, stat.S_IFREG):
        _refuse(name, "a link or a special file", "a plain file")
    if info.flag_bits & 1:
        _refuse(name, "an encrypted file", "one without a password")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        _refuse(name, f"compression method {info.compress_type}", "stored or deflated")


def _require_manifest(members: Mapping[str, bytes]) -> None:
    lines = members[MANIFEST_NAME].decode("ascii", errors="replace").splitlines()
    found = [_MANIFEST_LINE.fullmatch(line) for line in lines[:MAX_MEMBERS]]
    listed = {match[2]: match[1] for match in found if match}
    expected = {name: _sha256(content) for name, content in members.items() if name != MANIFEST_NAME}
    if len(lines) != len(expected) or listed.keys() != expected.keys():
        _refuse(MANIFEST_NAME, "another list of files than the zip holds", "one line for each")
    for name, digest in expected.items():
        if listed[name] != digest:
            _refuse(name, f"content with SHA-256 {digest[:12]}…", f"{listed[name][:12]}… as {MANIFEST_NAME} says")
    if members[MANIFEST_NAME] != _manifest({name: members[name] for name in expected}):
        _refuse(MANIFEST_NAME, "lines in another form", "one for each file in the order of names")


def _refuse(place: str, got: str, expected: str) -> NoReturn:
    raise SnapshotError(f"{place}: got {got}, expected {expected}; export the snapshot again")


def readme(snapshot: Snapshot) -> str:
    """How to read the files, for someone who has only the zip."""
    return f"""\
A forecast snapshot: scenario probabilities for the China-Russia space relationship.

Reference date  {snapshot.reference_date}: nothing later was seen, horizons count from here.
Reliability     {snapshot.reliability.status}
Assumptions     {", ".join(snapshot.assumptions.changed) or "all at their defaults"}{_moved(snapshot)}
Digest          {snapshot.digest}

Files
  {JSON_NAME}         everything: what was seen, assumed and computed, and every number
  {SCHEMA_NAME}  JSON Schema of it; the same names are explained in docs/schema.md
  {CSV_NAME}          the results table alone, safe to open in a spreadsheet
  {CHART_FOLDER}               the main charts as PNG and SVG
  {INPUT_FOLDER}               what the numbers were computed from, if stored: evidence and posterior draws
  {MANIFEST_NAME}              SHA-256 of every file; `sha256sum --check MANIFEST` verifies them

How to read {CSV_NAME}
  model_id       mixture is the published forecast; the others are the models it mixes
  target         state_at_year_end: one of four states on target_end_date
                 rupture_by_year_end, deeper_by_year_end: at least once up to target_end_date
  output_type    pmf: a probability from 0 to 1
                 mcse: its Monte Carlo standard error, what more computing would remove
                 interval: ends of its 5-95 % range, what the models do not know about themselves
  output_type_id the outcome; for an interval followed by a colon and the level

To load the settings again, import this file on the page or run
  python -m models forecast --snapshot FILE
To compute every number again from what is stored here, run
  python -m models snapshot verify FILE
To see what changed since, run
  python -m models snapshot compare FILE
"""


def _moved(snapshot: Snapshot) -> str:
    return " (moved from their defaults)" if snapshot.assumptions.changed else ""
