"""A fit: posterior draws, what they say about the forecast, and the certificate they carry. Read path: no PyMC here."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np
import xarray as xr

from data.digest import digest
from data.types import Evidence
from models.errors import MissingFitError, StaleFitError
from models.fits.certificate import Diagnostics, plain_checks, read_checks
from models.measures.structure import ALIGNMENT
from models.outcome.rule import RULE
from models.storage.disk import write_together

BASE_CASE = Path(__file__).parent / "base_case"
FIT_FORMAT = 1
MAX_FIT_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AlignmentFit:
    """Posterior draws of the latent-alignment model and the forecast probabilities each draw implies.

    Attributes
    ----------
    parameters : xr.Dataset, dims (sample[, driver])
        Parameters that knobs act on and the rest: ``beta(driver)``, ``break_log_odds``, ``level``, ``persistence``,
        ``volatility``, ``break_slope``, ``space_offset``. float64.
    alignment : xr.DataArray, dims (sample, year)
        Latent alignment, logits of a cooperative reading.
    future_alignment : xr.DataArray, dims (sample, horizon)
        One simulated continuation per draw.
    probabilities : xr.Dataset
        ``state_probability(sample, horizon, state)``, ``any_rupture(sample, horizon)``, ``any_deeper(sample,
        horizon)``: per-draw means over inner simulated ledgers.
    chain : ndarray of int, shape (sample,)
        Chain of each draw; draws of a chain are consecutive and in order.
    assumptions_values : Mapping[str, float]
        Knob values the fit was made under.
    """

    parameters: xr.Dataset
    alignment: xr.DataArray
    future_alignment: xr.DataArray
    probabilities: xr.Dataset
    chain: np.ndarray
    diagnostics: Diagnostics
    assumptions_values: Mapping[str, float]
    evidence_digest: str
    rule_digest: str
    model_digest: str
    reference_date: date
    seed: int
    settings: Mapping[str, float]
    versions: Mapping[str, str]

    def __post_init__(self) -> None:
        for holder in (self.parameters, self.probabilities):
            for variable in holder.variables.values():
                _freeze(variable)
        for array in (self.alignment, self.future_alignment):
            _freeze(array.variable)
        self.chain.flags.writeable = False
        for name in ("assumptions_values", "settings", "versions"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def key(self) -> str:
        """SHA-256 of what the fit was asked: evidence, rule, model, assumptions, date, seed and sampler settings."""
        return fit_key(self.certificate)

    @property
    def certificate(self) -> dict[str, object]:
        """Everything but the arrays, as plain JSON values."""
        plain = ("evidence_digest", "rule_digest", "model_digest", "seed")
        return {
            **{name: getattr(self, name) for name in plain},
            "format": FIT_FORMAT,
            "reference_date": self.reference_date.isoformat(),
            "assumptions_values": dict(self.assumptions_values),
            "settings": dict(self.settings),
            "versions": dict(self.versions),
            "diagnostics": plain_checks(self.diagnostics),
        }


KEY_FIELDS = (
    "evidence_digest",
    "rule_digest",
    "model_digest",
    "reference_date",
    "assumptions_values",
    "seed",
    "settings",
)


def fit_key(certificate: Mapping[str, object]) -> str:
    """Digest of the fields of a certificate that decide what a fit answers (not how it turned out)."""
    return digest({name: certificate[name] for name in KEY_FIELDS})


def save_fit(fit: AlignmentFit, folder: Path) -> None:
    """Write ``fit.json`` (certificate, with the digest of the draws it certifies) and ``draws.npz`` (arrays).

    Both are written beside their targets first, so that a full disk leaves an older pair whole. A kill between the two
    renames leaves a pair that `load_fit` refuses.
    """
    write_together(folder, fit_files(fit))


def fit_files(fit: AlignmentFit) -> dict[str, bytes]:
    """The two files of `save_fit` by name, in the order in which they must appear."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **_arrays(fit))
    certificate = {**fit.certificate, "key": fit.key, "draws_digest": _bytes_digest(buffer.getvalue())}
    text = json.dumps(certificate, indent=1, sort_keys=True, allow_nan=False)
    return {"draws.npz": buffer.getvalue(), "fit.json": (text + "\n").encode()}


def load_fit(folder: Path) -> AlignmentFit:
    """Read a fit that `save_fit` wrote.

    Raises
    ------
    MissingFitError
        A file is absent.
    StaleFitError
        A file is damaged, of another format, or not the other's partner.
    """
    for name in ("fit.json", "draws.npz"):
        if not (folder / name).is_file():
            raise MissingFitError(
                f"no {name} in {folder.name}/, expected a stored fit; make one with `python -m models fit`"
            )
        if (folder / name).stat().st_size > MAX_FIT_BYTES:
            raise StaleFitError(
                f"{folder.name}/{name} is larger than {MAX_FIT_BYTES} bytes; rebuild it with `python -m models fit`"
            )
    try:
        certificate = json.loads((folder / "fit.json").read_bytes())
        draws = (folder / "draws.npz").read_bytes()
        _require_pair(certificate, draws)
        with np.load(io.BytesIO(draws), allow_pickle=False) as stored:
            return _assemble(certificate, {name: stored[name] for name in stored.files})
    except (ValueError, KeyError, TypeError, EOFError, OSError, RecursionError, zipfile.BadZipFile) as error:
        raise StaleFitError(f"{folder.name}/ is damaged ({error}); rebuild it with `python -m models fit`") from error


def base_case(evidence: Evidence, folder: Path = BASE_CASE) -> AlignmentFit:
    """Load the committed fit and make sure that it answers to this evidence, this rule and this model.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    fit = load_fit(folder)
    expected = {"evidence": evidence.digest, "rule": RULE.digest, "model": ALIGNMENT.digest}
    found = {"evidence": fit.evidence_digest, "rule": fit.rule_digest, "model": fit.model_digest}
    changed = [name for name, value in expected.items() if found[name] != value]
    if changed:
        raise StaleFitError(
            f"the base case was fitted to another {' and '.join(changed)}; expected the present one; "
            "rebuild it with `python -m models fit --base-case`"
        )
    return fit


def _freeze(variable: xr.Variable) -> None:
    if isinstance(variable.values, np.ndarray) and not variable.dtype.hasobject:
        variable.values.flags.writeable = False


def _arrays(fit: AlignmentFit) -> dict[str, np.ndarray]:
    """Flat arrays under ``holder.name@dim,dim``; coordinates under ``coord@dim``."""
    tables = {"parameters": fit.parameters, "probabilities": fit.probabilities}
    singles = {"alignment": fit.alignment, "future_alignment": fit.future_alignment}
    named = [(f"{holder}.{name}", table[name]) for holder, table in tables.items() for name in table.data_vars]
    stored = {
        f"{name}@{','.join(map(str, array.dims))}": array.to_numpy() for name, array in (*named, *singles.items())
    }
    for array in (array for _, array in (*named, *singles.items())):
        stored |= {f"coord@{dim}": _plain(array.coords[dim].to_numpy()) for dim in array.dims if dim in array.coords}
    return {**stored, "chain@sample": fit.chain}


def _plain(labels: np.ndarray) -> np.ndarray:
    """Labels without Python objects, which an archive read without pickle refuses."""
    return labels if labels.dtype.kind in "iuf" else labels.astype(str)


def _assemble(certificate: Mapping[str, object], arrays: Mapping[str, np.ndarray]) -> AlignmentFit:
    coords = {name.partition("@")[2]: value for name, value in arrays.items() if name.startswith("coord@")}
    found: dict[str, xr.DataArray] = {}
    for label, value in arrays.items():
        name, _, dims = label.partition("@")
        if name != "coord":
            names = dims.split(",")
            found[name] = xr.DataArray(value, dims=names, coords={dim: coords[dim] for dim in names if dim in coords})
    return AlignmentFit(
        parameters=_dataset(found, "parameters."),
        alignment=found["alignment"],
        future_alignment=found["future_alignment"],
        probabilities=_dataset(found, "probabilities."),
        chain=found["chain"].to_numpy(),
        diagnostics=read_checks(certificate["diagnostics"]),
        reference_date=date.fromisoformat(certificate["reference_date"]),
        **{
            name: certificate[name]
            for name in (
                "assumptions_values",
                "evidence_digest",
                "rule_digest",
                "model_digest",
                "seed",
                "settings",
                "versions",
            )
        },
    )


def _dataset(found: Mapping[str, xr.DataArray], prefix: str) -> xr.Dataset:
    return xr.Dataset({name.removeprefix(prefix): array for name, array in found.items() if name.startswith(prefix)})


def _bytes_digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _require_pair(certificate: Mapping[str, object], draws: bytes) -> None:
    """Refuse another format, and a certificate that does not belong to itself or to these draws."""
    if certificate["format"] != FIT_FORMAT:
        raise StaleFitError(
            f"got fit format {certificate['format']}, expected {FIT_FORMAT}; rebuild with `python -m models fit`"
        )
    if certificate["key"] != fit_key(certificate):
        raise ValueError("fit.json was changed by hand: its key is not that of its fields")
    if certificate["draws_digest"] != _bytes_digest(draws):
        raise ValueError("draws.npz is not the file that fit.json certifies")
