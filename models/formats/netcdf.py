"""Draws as an ArviZ DataTree in NetCDF: to be analysed elsewhere, never read back (a crafted HDF5 file can do harm)."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import xarray as xr

from data.days import horizons_from, is_year_end, last_whole_year
from data.digest import Fields
from data.types import Evidence
from models.alignment.priors import prior_parameters
from models.errors import FormatError
from models.fits.alignment_fit import AlignmentFit
from models.fits.member_fit import MemberFit
from models.forecast.results import Forecast
from models.library.library import Library
from models.measures.drivers import DRIVER_CLAIMS, driver_table
from models.measures.readings import read_ledger
from models.measures.structure import ALIGNMENT
from models.names import MODEL_M1, STATES
from models.outcome.rule import RULE, yearly_codes

OUTCOMES = (*STATES, "any_rupture", "any_deeper")
"""Of a draw, at every horizon: the four states, then the two targets that count every year-end on the way."""
LIBRARY_GROUP = "library"
COMPRESSION = {"compression": "gzip", "compression_opts": 5}
_MEANINGS: Mapping[str, str] = {
    "posterior": "Draws of the model's unknown quantities, under the assumptions that it was fitted with",
    "predictions": "What each draw says about the year-ends ahead, averaged over simulated ledgers",
    "observed_data": "The ledger as the models read it: readings a year, break acts, and the rule's labels",
    "constant_data": "What no draw changes: drivers, every knob with its setting, its priors, fixed parameters",
    LIBRARY_GROUP: "All stored draws with the weights that the chosen assumptions give them",
}


def draws_netcdf(evidence: Evidence, library: Library, forecast: Forecast, fit: AlignmentFit | None = None) -> bytes:
    """The file of `draws_tree`; the same draws give the same bytes."""
    tree = draws_tree(evidence, library, forecast, fit)
    encoding = {node.path: _packed(node) for node in tree.subtree if _packed(node)}
    return bytes(tree.to_netcdf(None, engine="h5netcdf", encoding=encoding))


def draws_tree(
    evidence: Evidence, library: Library, forecast: Forecast, fit: AlignmentFit | None = None
) -> xr.DataTree:
    """Draws, forecast per draw, observed readings and priors (groups and variables: docs/formats.md).

    Parameters
    ----------
    fit : AlignmentFit, optional
        The latent-alignment model at the default assumptions, with its chains; without it there is no top-level
        posterior. The fits of the other models are taken from beside the library.

    Raises
    ------
    FormatError
        The fit, the forecast and the library do not belong to the same evidence.
    """
    _require_one_evidence(evidence, library, forecast, fit)
    groups = {"observed_data": _observed(evidence), "constant_data": _constants(evidence, forecast)}
    if fit is not None:
        posterior, fixed = drawn_and_fixed(_fit_posterior(fit))
        groups |= {"posterior": posterior, "predictions": _fit_predictions(fit)}
        groups["constant_data"] = groups["constant_data"].merge(fixed)
    for name, member in (library.members.fits if library.members else {}).items():
        posterior, fixed = drawn_and_fixed(_member_posterior(member))
        groups |= {f"{name}/posterior": posterior, f"{name}/predictions": _member_predictions(member)}
        groups |= {f"{name}/constant_data": fixed} if fixed else {}
    groups[LIBRARY_GROUP] = _pool(library, forecast)
    for name, group in groups.items():
        group.attrs["meaning"] = _MEANINGS[name.rpartition("/")[2]]
    root = xr.Dataset(attrs=_attributes(evidence, library, forecast))
    return xr.DataTree.from_dict({"/": root, **{name: groups[name] for name in sorted(groups)}})


def _packed(node: xr.DataTree) -> dict[str, Fields]:
    return {name: COMPRESSION for name, array in node.data_vars.items() if array.dtype.kind in "iuf" and array.ndim}


def _require_one_evidence(evidence: Evidence, library: Library, forecast: Forecast, fit: AlignmentFit | None) -> None:
    digests = {"library": library.provenance.evidence_digest, "forecast": forecast.evidence_digest}
    if fit is not None:
        digests["fit"] = fit.evidence_digest
    other = [name for name, digest in digests.items() if digest != evidence.digest]
    if other or forecast.library_key != library.key:
        raise FormatError(
            f"got a {other[0] if other else 'forecast'} on other evidence or another library, expected one of "
            f"{evidence.digest[:12]}; make the forecast again"
        )


def _attributes(evidence: Evidence, library: Library, forecast: Forecast) -> dict[str, str]:
    provenance = library.provenance
    return {
        "creation_library": "conjunction",
        "reference_date": forecast.reference_date.isoformat(),
        "evidence_digest": evidence.digest,
        "rule": f"{RULE.version} {provenance.rule_digest}",
        "model": f"{ALIGNMENT.version} {provenance.model_digest}",
        "library_key": library.key,
        "assumptions_digest": forecast.assumptions.digest,
        "assumptions_changed": ", ".join(forecast.assumptions.changed),
        "status": forecast.status.value,
        "packages": ", ".join(f"{name} {version}" for name, version in sorted(provenance.versions.items())),
    }


def _observed(evidence: Evidence) -> xr.Dataset:
    read = read_ledger(evidence)
    codes = np.full(read.years.size, -1)  # a year that has not ended has no label
    whole = yearly_codes(evidence.events, ALIGNMENT.first_year, last_whole_year(evidence.as_of))
    codes[: len(whole)] = whole
    table = {
        "readings": (("year", "domain", "band"), read.counts),
        "break_act": ("year", read.breaks.astype(np.int8)),
        "state_code": ("year", codes.astype(np.int8)),
    }
    coords = {"year": read.years, "domain": ["other", "space"], "band": np.arange(read.counts.shape[2])}
    dataset = xr.Dataset(table, coords=coords)
    dataset["state_code"].attrs["codes"] = "-1 no label, " + ", ".join(f"{i} {name}" for i, name in enumerate(STATES))
    return dataset


def _constants(evidence: Evidence, forecast: Forecast) -> xr.Dataset:
    drivers, setting, claims = driver_table(evidence), forecast.assumptions, list(DRIVER_CLAIMS)
    prior = prior_parameters(setting)
    keys = list(setting.knobs)
    knob = {
        "knob_value": [setting.values[key] for key in keys],
        "knob_default": [setting.knobs[key].default for key in keys],
        "knob_low": [setting.knobs[key].low for key in keys],
        "knob_high": [setting.knobs[key].high for key in keys],
    }
    table = {name: ("knob", np.array(values, dtype=float)) for name, values in knob.items()}
    table["driver"] = (("year_after", "driver_claim"), np.asarray(drivers.lagged, dtype=float))
    table["driver_at_reference"] = ("driver_claim", drivers.origin[claims].to_numpy(dtype=float))
    table["beta_prior_mean"] = ("driver_claim", np.asarray(prior.beta_mean, dtype=float))
    table["beta_prior_sd"] = ("driver_claim", np.asarray(prior.beta_sd, dtype=float))
    dataset = xr.Dataset(table, coords={"knob": keys, "driver_claim": claims})
    dataset["driver"].attrs["meaning"] = f"Standardised drivers of the years from {ALIGNMENT.first_year + 1} on"
    return dataset


def _fit_posterior(fit: AlignmentFit) -> xr.Dataset:
    tables = {**fit.parameters.data_vars, "alignment": fit.alignment}
    return _by_chain(tables, fit.chain, model=MODEL_M1, seed=fit.seed, fit_key=fit.key)


def drawn_and_fixed(posterior: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """A posterior without what is the same in every draw, and that alone, without chains: no diagnostic is defined for
    it. Of a vector such as the cut-points, of which one is fixed, the places keep their numbers in both."""
    drawn, fixed = {}, {}
    used = Counter(dim for array in posterior.data_vars.values() for dim in array.dims)
    for name, array in posterior.data_vars.items():
        rest = array.dims[2:]
        numbered = array.assign_coords({dim: np.arange(array.sizes[dim]) for dim in rest if dim not in array.coords})
        constant = (numbered == numbered.isel(chain=0, draw=0)).all(("chain", "draw"))
        for dim in rest:
            places = constant.all([other for other in rest if other != dim]).to_numpy()
            if places.any() and not places.all():
                fixed[name] = numbered.isel(chain=0, draw=0, drop=True).isel({dim: places})
                own = {dim: dim if used[dim] == 1 else f"{name}_{dim}"}  # a shared axis keeps its length for the others
                numbered, constant = (table.isel({dim: ~places}).rename(own) for table in (numbered, constant))
                break
        if bool(constant.all()):
            fixed[name] = numbered.isel(chain=0, draw=0, drop=True)
        else:
            drawn[name] = numbered if name in fixed else array
    return xr.Dataset(drawn, attrs=posterior.attrs), xr.Dataset(fixed)


def _fit_predictions(fit: AlignmentFit) -> xr.Dataset:
    tables = {**fit.probabilities.data_vars, "future_alignment": _future(fit), **_years(fit.year_means)}
    return _by_chain(tables, fit.chain)


def _future(fit: AlignmentFit) -> xr.DataArray:
    """The latent alignment at every horizon; that of a year that has begun is the last of the fitted path."""
    if is_year_end(fit.reference_date):
        return fit.future_alignment
    begun = fit.alignment[:, -1:].rename(year="horizon").assign_coords(horizon=[0])
    return xr.concat([begun, fit.future_alignment], "horizon")


def _years(year_means: np.ndarray | None) -> dict[str, xr.DataArray]:
    """The years' own means in the simulated ledgers of each draw, where these are kept."""
    if year_means is None:
        return {}
    return {"year_mean": xr.DataArray(year_means, dims=("sample", "ledger", "horizon"))}


def _member_posterior(member: MemberFit) -> xr.Dataset:
    tables = {
        name: xr.DataArray(values, dims=("sample", *(f"{name}_{place}" for place in range(values.ndim - 1))))
        for name, values in member.parameters.items()
    }
    return _by_chain(tables, member.chain, model=member.model_id, seed=member.seed, fit_key=member.key)


def _member_predictions(member: MemberFit) -> xr.Dataset:
    said = member.forecast
    coords = {"horizon": list(horizons_from(member.reference_date)), "state": list(STATES)}
    tables = {
        "state_probability": xr.DataArray(said.state, dims=("sample", "horizon", "state"), coords=coords),
        "any_rupture": xr.DataArray(said.any_rupture, dims=("sample", "horizon")),
        "any_deeper": xr.DataArray(said.any_deeper, dims=("sample", "horizon")),
        **_years(member.year_means),
    }
    return _by_chain(tables, member.chain)


def _pool(library: Library, forecast: Forecast) -> xr.Dataset:
    horizons = horizons_from(library.provenance.reference_date)
    shape = (library.size, len(horizons), len(OUTCOMES))
    table = {
        "weight": ("pool_draw", forecast.weights.values),
        "anchor": ("pool_draw", library.anchor.astype(np.int16)),
        "pool_chain": ("pool_draw", library.chain.astype(np.int32)),
        "probability": (("pool_draw", "horizon", "outcome"), library.probabilities.reshape(shape).astype(np.float32)),
        "log_support": ("anchor_name", np.array([anchor.log_support for anchor in library.anchors])),
    }
    if library.year_means is not None:
        table["year_mean"] = (("pool_draw", "ledger", "horizon"), library.year_means)
    names = [anchor.name for anchor in library.anchors]
    coords = {"horizon": list(horizons), "outcome": list(OUTCOMES), "anchor_name": names}
    dataset = xr.Dataset(table, coords=coords)
    dataset["probability"].attrs["meaning"] = "Latent alignment: the weighted mean over draws is the model's forecast"
    return dataset


def _by_chain(tables: Mapping[str, xr.DataArray], chain: np.ndarray, **attributes: object) -> xr.Dataset:
    return xr.Dataset({name: _chained(array, chain) for name, array in tables.items()}, attrs=attributes)


def _chained(array: xr.DataArray, chain: np.ndarray) -> xr.DataArray:
    """From (sample, ...) to (chain, draw, ...); chains of unequal length are cut to the shortest."""
    labels, starts, sizes = np.unique(chain, return_index=True, return_counts=True)
    values = np.stack([array.to_numpy()[start : start + sizes.min()] for start in starts])
    rest = array.dims[1:]
    coords = {dim: array.coords[dim].to_numpy() for dim in rest if dim in array.coords}
    numbered = {"chain": np.arange(labels.size), "draw": np.arange(sizes.min())}
    return xr.DataArray(values, dims=("chain", "draw", *rest), coords={**numbered, **coords})
