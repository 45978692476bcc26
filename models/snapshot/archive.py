"""The zip of a snapshot: written the same way every time, and read once, without trusting anything."""

import codecs
import io
import re
import zipfile
from types import MappingProxyType

from data.digest import Fields, sha256
from data.values import frozen
from models.errors import SnapshotError
from models.snapshot.document import parsed, schema_bytes, snapshot_of
from models.snapshot.inputs import INPUT_NAME
from models.snapshot.value import Snapshot
from models.storage.disk import Files
from models.storage.safe_csv import safe_csv
from models.storage.zips import SHOWN, ZipRules, exported_names, listed, zipped

JSON_NAME, CSV_NAME, SCHEMA_NAME = "snapshot.json", "forecast.csv", "snapshot_schema.json"
README_NAME, MANIFEST_NAME, CHART_FOLDER, INPUT_FOLDER = "README.txt", "MANIFEST", "charts/", "inputs/"
REQUIRED = frozenset({JSON_NAME, CSV_NAME, SCHEMA_NAME, README_NAME, MANIFEST_NAME})
CHART_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,60}\.(png|svg)")
SUFFIX = ".zip"

MAX_BYTES = 16 * 2**20
MAX_UNPACKED_BYTES = 50 * 2**20
MAX_MEMBERS = 64
MAX_ENTRIES = 4 * MAX_MEMBERS
"""A file manager adds a file of its own beside each, and folders."""
ZIP_START = b"PK\x03\x04"
HUB_FOLDERS = ("auxiliary-data/", "hub-config/", "model-metadata/", "model-output/", "target-data/")
JSON_STARTS = (b"{", b"[", b'"')
RULES = ZipRules(
    files=MAX_MEMBERS, unpacked=MAX_UNPACKED_BYTES, advice="export the snapshot again", error=SnapshotError
)
_MANIFEST_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_./]{1,100})")


@frozen
class Archive:
    """A snapshot's file as it was read, once: all that anybody asks of it.

    Attributes
    ----------
    snapshot : Snapshot
    version : int
        Of the schema that the document was written by.
    inputs : Mapping[str, bytes]
        What the snapshot was built with, by name: nothing in a light zip or the bare snapshot.json. Their digests are
        those of the snapshot; what is in them, `models.snapshot.inputs.read_inputs` reads.
    files : Mapping[str, bytes]
        Every file of the zip by name, each as MANIFEST says; nothing for the bare snapshot.json.
    """

    snapshot: Snapshot
    version: int
    inputs: Files
    files: Files


def snapshot_bytes(snapshot: Snapshot, charts: Files, inputs: Files = MappingProxyType({})) -> bytes:
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
    content = zipped({**members, MANIFEST_NAME: listed(_sums(members))})
    if len(content) > MAX_BYTES:
        raise SnapshotError(
            f"got a snapshot of {len(content)} bytes, expected at most {MAX_BYTES}; shorten the reasons"
        )
    return content


def read_snapshot(content: bytes) -> Snapshot:
    """Read a snapshot from its zip or from the bare snapshot.json (`read_archive`)."""
    return read_archive(content).snapshot


def read_archive(content: bytes) -> Archive:
    """Read a snapshot's zip, or the bare snapshot.json.

    Raises
    ------
    StorageError
        Anything at all is wrong; the message says what was got, what was expected and what to do.
    """
    if not content:
        raise SnapshotError("the file is empty; export the snapshot again")
    if len(content) > MAX_BYTES:
        raise SnapshotError(
            f"got more than {MAX_BYTES} bytes, expected a snapshot of at most that; check what the file is"
        )
    if not content.startswith(ZIP_START) and _is_plain_text(content):
        raise SnapshotError(
            "got a file that is no zip and not JSON, expected a snapshot; take what “Snapshot (zip)” saved"
        )
    files = _files(content) if content.startswith(ZIP_START) else {}
    document = parsed(files.get(JSON_NAME, content))
    snapshot = snapshot_of(document)
    if files and files[CSV_NAME] != safe_csv(snapshot.table):
        raise SnapshotError(f"{CSV_NAME} does not hold the numbers of {JSON_NAME}; export the snapshot again")
    inputs = {name.removeprefix(INPUT_FOLDER): data for name, data in files.items() if name.startswith(INPUT_FOLDER)}
    if files:
        _require_inputs(snapshot, inputs)
    return Archive(
        snapshot=snapshot,
        version=document["schema_version"],
        inputs=MappingProxyType(inputs),
        files=MappingProxyType(files),
    )


def _is_plain_text(content: bytes) -> bool:
    """Whether it is a text of which not even the beginning is JSON: it was never cut off from a snapshot."""
    start = content[:64].removeprefix(codecs.BOM_UTF8).lstrip()
    return start.isascii() and bool(start) and not start.startswith(JSON_STARTS) and b"\0" not in start


def _require_inputs(snapshot: Snapshot, inputs: Files) -> None:
    sums, recorded = _sums(inputs), snapshot.inputs
    for name in sorted(sums.keys() | recorded):
        got, expected = sums.get(name, "nothing"), recorded.get(name, "nothing")
        if got != expected:
            says = f"{expected[:12]} as {JSON_NAME} says"
            raise RULES.refused(INPUT_FOLDER + name, f"content with SHA-256 {got[:12]}", says)


def _sums(files: Files) -> dict[str, str]:
    return {name: sha256(files[name]) for name in sorted(files)}


def _files(content: bytes) -> Files:
    with RULES.reading(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        if len(infos) > MAX_ENTRIES:
            raise RULES.refused("the zip", f"{len(infos)} files", f"at most {MAX_MEMBERS}")
        named = exported_names(infos, MANIFEST_NAME)
        _require_known(named)
        RULES.require_harmless(named)
        files = {name: RULES.content(archive, info) for name, info in named.items()}
    _require_manifest(files)
    return files


def _require_known(named: Fields) -> None:
    for name in named:
        chart = name.startswith(CHART_FOLDER) and CHART_NAME.fullmatch(name.removeprefix(CHART_FOLDER))
        stored = name.startswith(INPUT_FOLDER) and INPUT_NAME.fullmatch(name.removeprefix(INPUT_FOLDER))
        if not (name in REQUIRED or chart or stored):
            expected = "only the files that an export holds; take it out"
            if name.startswith(HUB_FOLDERS):
                raise SnapshotError("got a zip of hub tables, which cannot be imported; take “Snapshot (zip)” instead")
            raise RULES.refused("the zip", f"a file named {name[:SHOWN]!a}", expected)
    if missing := sorted(REQUIRED - named.keys()):
        raise RULES.refused("the zip", f"no {missing[0]}", "one")


def _require_manifest(members: Files) -> None:
    expected = _sums({name: content for name, content in members.items() if name != MANIFEST_NAME})
    manifest = members[MANIFEST_NAME]
    if manifest == listed(expected):
        return
    lines = manifest.decode("ascii", errors="replace").splitlines()
    matches = [_MANIFEST_LINE.fullmatch(line) for line in lines[:MAX_MEMBERS]]
    sums = {match[2]: match[1] for match in matches if match}
    if len(lines) != len(expected) or sums.keys() != expected.keys():
        raise RULES.refused(MANIFEST_NAME, "another list of files than the zip holds", "one line for each")
    for name, digest in expected.items():
        if sums[name] != digest:
            got, says = f"content with SHA-256 {digest[:12]}…", f"{sums[name][:12]}… as {MANIFEST_NAME} says"
            raise RULES.refused(name, got, says)
    raise RULES.refused(MANIFEST_NAME, "lines in another form", "one for each file in the order of names")


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
                 year_mean: mean intensity of that year's own events, from -10 to 10
                 year_mean_class: that mean against the tone at the reference date
  output_type    pmf: a probability from 0 to 1
                 mcse: its Monte Carlo standard error, what more computing would remove
                 interval: ends of its 5-95 % range, what the models do not know about themselves
                 quantile: a mean that the year stays below with the chance in output_type_id
  output_type_id the outcome; for an interval followed by a colon and the level
  value          to the last digit, so that it can be computed again; no digit finer than twice its mcse says anything

To load the settings again, import this file on the page or run
  python -m models forecast --snapshot FILE
To compute every number again from what is stored here, run
  python -m models snapshot verify FILE
To see what changed since, run
  python -m models snapshot compare FILE
"""


def _moved(snapshot: Snapshot) -> str:
    return " (moved from their defaults)" if snapshot.assumptions.changed else ""
