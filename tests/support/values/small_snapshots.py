"""A whole snapshot with its inputs in a few hundred kilobytes.

``python -m tests.support.values.small_snapshots`` writes the committed one anew,
tests/support/values/small_snapshot.zip; run it with the oldest Python that is supported, so that verifying it with a
newer one says something.
"""

import io
import warnings
import zipfile
from functools import cache
from pathlib import Path

from data.load import load_evidence
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.forecast.results import make_forecast
from models.library.library import Library
from models.library.members import Members
from models.snapshot.archive import snapshot_bytes
from models.snapshot.inputs import inputs_of
from models.snapshot.value import build_snapshot
from tests.support.values.factories import library_of, synthetic_fit, synthetic_members
from tests.support.values.year_end import YEAR_END

COMMITTED = Path(__file__).with_name("small_snapshot.zip")
KEPT = 40
"""Draws of each member: few enough for a small file, enough for its checks to have something to say."""
SETTINGS = {"C01": 1.8, "stickiness": 0.9}
REASONS = {"C01": "sanctions bite", "stickiness": "one regime lasts"}


@cache
def small_library(evidence: Evidence) -> Library:
    """Build a library of 80 synthetic draws with thinned fits of the other models."""
    whole = synthetic_members(evidence)
    regimes = tuple(fit.thinned(KEPT) for fit in whole.regimes)
    members = Members(evidence=evidence, ordered=whole.ordered.thinned(KEPT), regimes=regimes)
    return library_of(evidence, synthetic_fit(evidence, samples=80)).joined_by(members)


@cache
def small_snapshot_bytes() -> bytes:
    """The zip as an export writes it, with one picture."""
    evidence = load_evidence(YEAR_END)
    library = small_library(evidence)
    assumptions = Assumptions.defaults(evidence.claims).replace(SETTINGS, REASONS)
    inputs = inputs_of(evidence, library)
    snapshot = build_snapshot(evidence, library, make_forecast(evidence, library, assumptions), assumptions, inputs)
    return snapshot_bytes(snapshot, {"states.svg": b"<svg/>"}, inputs)


def members_of(content: bytes) -> dict[str, bytes]:
    """Name and content of every file of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The files as a zip, with nothing made to fit."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "w", method) as archive:  # names given twice
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, compress_type=method)
    return buffer.getvalue()


if __name__ == "__main__":
    COMMITTED.write_bytes(packed(members_of(small_snapshot_bytes())))
