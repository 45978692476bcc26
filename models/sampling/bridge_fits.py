"""The former models on the present evidence under one outcome rule: one end of the bridge between two rules."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.errors import SamplerError
from models.forecast.results import make_forecast
from models.library.pool import single
from models.measures.drivers import driver_table
from models.outcome.rule import RULE
from models.sampling.fit_alignment import fit_latent_alignment
from models.sampling.fit_members import fit_members
from models.sampling.sampler import SamplerSettings
from models.snapshot.archive import snapshot_bytes
from models.snapshot.value import build_snapshot
from models.storage.disk import write_together

FOLDER = Path(__file__).parents[1] / "fits" / "bridge"
DRAWS = 4000
"""A chain, as for the other models: nothing is re-weighted, so that the numbers are as sure as the fit."""


def build_bridge(evidence: Evidence, report: Callable[[str], None], folder: Path = FOLDER) -> Path:
    """Fit all models at their defaults, and store the forecast as a light snapshot named after the rule.

    Raises
    ------
    SamplerError
        A fit failed its acceptance checks; nothing is stored.
    """
    setting = Assumptions.defaults(evidence.claims)
    fit = fit_latent_alignment(evidence, setting, settings=SamplerSettings(draws=DRAWS))
    if failed := fit.diagnostics.failures_text:
        raise SamplerError(f"the fit under {RULE.version} failed its checks ({failed}); nothing was stored")
    report("m1_latent_alignment")
    library = single(fit, driver_table(evidence), setting.knobs).joined_by(fit_members(evidence, report))
    snapshot = build_snapshot(evidence, library, make_forecast(evidence, library, setting), setting)
    name = f"{RULE.version}.zip"
    write_together(folder, {name: _deflated(snapshot_bytes(snapshot, {}))})
    return folder / name


def _deflated(content: bytes) -> bytes:
    """The same files in an eighth of the space; an export stores them plainly, to have the same bytes anywhere."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as plain, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as smaller:
        for info in plain.infolist():
            smaller.writestr(zipfile.ZipInfo(info.filename, info.date_time), plain.read(info), zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()
