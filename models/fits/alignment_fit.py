"""A fit: posterior draws, what they say about the forecast, and the certificate they carry. Read path: no PyMC here."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import numpy as np
import xarray as xr

from data.digest import Fields, sha256
from data.types import Evidence
from data.values import frozen
from models.fits.certificate import MAX_FIT_BYTES, Certificate, load_pair, require_partner, require_present
from models.fits.dated import dated
from models.measures.simulated import PREFIX, Simulated
from models.measures.structure import ALIGNMENT, digest_at
from models.storage.arrays import Arrays, Layout, packed_arrays, read_arrays
from models.storage.disk import Files, write_together
from models.storage.strict_json import json_text

FILES = "fit.json", "draws.npz"
REBUILD = "rebuild it with `python -m models fit`"
LAYOUT = Layout(name=re.compile(r"[a-z_.]{1,60}@[a-z_,]{0,60}"), labels=True, unpacked=MAX_FIT_BYTES)


@frozen(eq=False)
class AlignmentFit(Certificate):
    """Posterior draws of the latent-alignment model and the forecast probabilities each draw implies.

    Attributes
    ----------
    parameters : xr.Dataset, dims (sample[, driver])
        Parameters that knobs act on and the rest: ``beta(driver)``, ``break_log_odds``, ``level``, ``persistence``,
        ``volatility``, ``volatility_before``, ``break_slope``, ``space_offset``, ``cutpoints``. float64.
    alignment : xr.DataArray, dims (sample, year)
        Latent alignment, logits of a cooperative reading.
    future_alignment : xr.DataArray, dims (sample, horizon)
        One simulated continuation per draw.
    probabilities : xr.Dataset
        ``state_probability(sample, horizon, state)``, ``any_rupture(sample, horizon)``, ``any_deeper(sample,
        horizon)``: per-draw means over inner simulated ledgers.
    simulated : Simulated
        Whole ledgers of a few futures a draw.
    chain : ndarray of int, shape (sample,)
        Chain of each draw; draws of a chain are consecutive and in order.
    """

    format: ClassVar[int] = 2
    unasked: ClassVar[frozenset[str]] = Certificate.unasked | {"format"}

    parameters: xr.Dataset
    alignment: xr.DataArray
    future_alignment: xr.DataArray
    probabilities: xr.Dataset
    simulated: Simulated
    chain: np.ndarray

    @property
    def year_means(self) -> np.ndarray:
        """The year's own mean in the draws' simulated ledgers, float32, shape (sample, ledger, horizon)."""
        return self.simulated.year_means

    def __post_init__(self) -> None:
        for holder in (self.parameters, self.probabilities):
            for variable in holder.variables.values():
                _freeze(variable)
        for array in (self.alignment, self.future_alignment):
            _freeze(array.variable)
        self.chain.flags.writeable = False
        Certificate.__post_init__(self)


def save_fit(fit: AlignmentFit, folder: Path) -> None:
    """Write ``fit.json`` (certificate, with the digest of the draws it certifies) and ``draws.npz`` (arrays).

    Both are written beside their targets first, so that a full disk leaves an older pair whole. A kill between the two
    renames leaves a pair that `load_fit` refuses.
    """
    write_together(folder, fit_files(fit))


def fit_files(fit: AlignmentFit) -> Files:
    """The two files of `save_fit` by name, in the order in which they must appear."""
    draws = packed_arrays(_arrays(fit))
    sealed = fit.certificate | {"key": fit.key, "draws_digest": sha256(draws)}
    return {"draws.npz": draws, "fit.json": json_text(sealed)}


def load_fit(folder: Path) -> AlignmentFit:
    """Read a fit that `save_fit` wrote.

    Raises
    ------
    MissingFitError
        A file is absent.
    StaleFitError
        A file is damaged, of another format, or not the other's partner.
    """
    return load_pair(folder, FILES, _read, what="a stored fit", rebuild=REBUILD, limit=MAX_FIT_BYTES)


def _read(certificate: Mapping, draws: bytes) -> AlignmentFit:
    require_partner(certificate, draws, AlignmentFit.format, "fit", REBUILD)
    if certificate["key"] != AlignmentFit.key_of(certificate):
        raise ValueError("it was changed by hand: its key is not that of its fields")
    return _assemble(certificate, read_arrays(draws, "draws.npz", LAYOUT))


def base_case(evidence: Evidence, folder: Path | None = None) -> AlignmentFit:
    """Load the committed fit of the evidence's date, if it answers to this evidence, this rule and this model.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    return present_fit(load_fit(folder or dated(evidence.as_of)), evidence)


def present_fit(fit: AlignmentFit, evidence: Evidence) -> AlignmentFit:
    """The fit, if it answers to this evidence, this rule and this model.

    Raises
    ------
    StaleFitError
    """
    rebuild = "rebuild it with `python -m models fit --base-case`"
    sentence = f"the base case was fitted to another {{}}; expected the present one; {rebuild}"
    require_present(fit.answers_to, evidence, digest_at(ALIGNMENT.digest, evidence.as_of), sentence)
    return fit


def _freeze(variable: xr.Variable) -> None:
    if isinstance(variable.values, np.ndarray) and not variable.dtype.hasobject:
        variable.values.flags.writeable = False


def _arrays(fit: AlignmentFit) -> Arrays:
    """Flat arrays under ``holder.name@dim,dim``; coordinates under ``coord@dim``, the longest once: from inside a year
    the path goes on at the last five of the six horizons that are forecast."""
    tables = {"parameters": fit.parameters, "probabilities": fit.probabilities}
    singles = {"alignment": fit.alignment, "future_alignment": fit.future_alignment}
    named = [(f"{holder}.{name}", table[name]) for holder, table in tables.items() for name in table.data_vars]
    stored = {
        f"{name}@{','.join(map(str, array.dims))}": array.to_numpy() for name, array in (*named, *singles.items())
    }
    for array in (array for _, array in (*named, *singles.items())):
        for dim in (dim for dim in array.dims if dim in array.coords):
            labels = _plain(array.coords[dim].to_numpy())
            stored[f"coord@{dim}"] = max(stored.get(f"coord@{dim}", labels[:0]), labels, key=len)
    simulated = {f"{name}@": values for name, values in fit.simulated.arrays.items()}
    return {**stored, **simulated, "chain@sample": fit.chain}


def _plain(labels: np.ndarray) -> np.ndarray:
    """Labels without Python objects, which an archive read without pickle refuses."""
    return labels if labels.dtype.kind in "iuf" else labels.astype(str)


def _assemble(certificate: Fields, arrays: Arrays) -> AlignmentFit:
    coords = {name.partition("@")[2]: value for name, value in arrays.items() if name.startswith("coord@")}
    simulated = Simulated.of_arrays({name.removesuffix("@"): value for name, value in arrays.items()})
    holders: dict[str, xr.DataArray] = {}
    for label, value in arrays.items():
        name, _, dims = label.partition("@")
        if name != "coord" and not name.startswith(PREFIX):
            names = dims.split(",")
            sizes = dict(zip(names, value.shape, strict=False))
            labels = {dim: coords[dim][-sizes[dim] :] for dim in names if dim in coords and dim in sizes}
            holders[name] = xr.DataArray(value, dims=names, coords=labels)
    return AlignmentFit(
        parameters=_dataset(holders, "parameters."),
        alignment=holders["alignment"],
        future_alignment=holders["future_alignment"],
        probabilities=_dataset(holders, "probabilities."),
        simulated=simulated,
        chain=holders["chain"].to_numpy(),
        **AlignmentFit.fields_of(certificate),
    )


def _dataset(named: Mapping[str, xr.DataArray], prefix: str) -> xr.Dataset:
    return xr.Dataset({name.removeprefix(prefix): array for name, array in named.items() if name.startswith(prefix)})
