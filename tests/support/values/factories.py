"""Synthetic values for tests that need a fit or a library but not a sampler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import xarray as xr

from data.days import horizons_from, year_end
from data.types import Evidence
from models.alignment.priors import AlignmentPrior, prior_parameters
from models.assumptions.knobs import knobs
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import AlignmentFit
from models.fits.certificate import Check, Diagnostics
from models.fits.member_fit import MemberFit
from models.fits.probabilities import StateProbabilities
from models.forecast.results import make_forecast
from models.library.library import Library
from models.library.members import Members, ordered_prior_at
from models.library.pool import single
from models.measures.driver_table import DriverTable
from models.measures.drivers import DRIVER_CLAIMS, driver_table
from models.measures.ledgers import SimulatedForecast
from models.measures.readings import read_ledger
from models.measures.simulate import Draws, forecast_probabilities
from models.measures.simulated import Simulated
from models.measures.structure import ALIGNMENT, digest_at
from models.names import HORIZONS, MODEL_M2, MODEL_M3, STATES
from models.ordered.law import ORDERED
from models.ordered.law import forecast as ordered_forecast
from models.ordered.law import sample_prior as sample_ordered
from models.ordered.transitions import read_transitions
from models.outcome.rule import RULE
from models.regimes.forecast import forecast as regimes_forecast
from models.regimes.law import REGIMES, RegimePrior
from models.regimes.law import sample_prior as sample_regimes
from models.regimes.pool import ANCHORS
from models.signposts.published import published_signposts
from models.snapshot.value import Snapshot, build_snapshot

CHAINS = 4
MEMBER_SAMPLES, MEMBER_PATHS = 200, 32
"""Few: what the synthetic fits of M2 and M3 are for is to be there, and to move."""
CHECK = Check(
    name="rhat", passed=True, value=1.001, threshold="<= 1.01", meaning="Chains that disagree have not converged."
)


def synthetic_fit(
    evidence: Evidence, assumptions: Assumptions | None = None, *, samples: int = 400, seed: int = 20241231
) -> AlignmentFit:
    """Build a valid `AlignmentFit` whose draws come from a narrowed prior, with the probabilities that those draws
    imply.

    Parameters
    ----------
    evidence : Evidence
    assumptions : Assumptions, optional
        The setting that the fit claims to be made under; defaults of the evidence's claims.
    samples : int
        Draws in all, a multiple of four (four chains of equal length).
    seed : int
        The same seed gives the same fit.
    """
    if samples % CHAINS:
        raise ValueError(f"got {samples} samples, expected a multiple of {CHAINS}")
    assumptions = assumptions or Assumptions.defaults(evidence.claims)
    return _synthetic_fit(evidence, tuple(assumptions.values.items()), samples, seed)


@lru_cache(maxsize=128)
def _synthetic_fit(evidence: Evidence, values: tuple[tuple[str, float], ...], samples: int, seed: int) -> AlignmentFit:
    """The fit, made once: a third of a second goes into its simulated ledgers. Nobody may write into a shared one."""
    assumptions = Assumptions.defaults(evidence.claims).replace(dict(values))
    rng = np.random.default_rng(seed)
    parameters = _parameters(prior_parameters(assumptions), samples, rng)
    alignment = _alignment(evidence, parameters, rng)
    readings = read_ledger(evidence)
    draws = _draws(evidence, parameters, alignment, rng)
    simulated = forecast_probabilities(draws, readings, seed)
    standing = {"alignment": draws.alignment, "space_offset": draws.space_offset, "cutpoints": draws.cutpoints}
    parameters["cutpoints"] = (("sample", "edge"), draws.cutpoints)
    kept = Simulated.of(simulated.ledgers, readings, standing)
    fit = _fit(evidence, assumptions, parameters, alignment, (simulated, kept), seed)
    for array in (*fit.parameters.values(), *fit.probabilities.values(), fit.alignment, fit.future_alignment):
        array.values.flags.writeable = False
    fit.chain.flags.writeable = False
    return fit


def synthetic_library(
    evidence: Evidence, assumptions: Assumptions | None = None, *, samples: int = 400, seed: int = 20241231
) -> Library:
    """Build the library of one synthetic fit, with synthetic fits of the other models beside it."""
    alone = library_of(evidence, synthetic_fit(evidence, assumptions, samples=samples, seed=seed))
    return alone.joined_by(synthetic_members(evidence))


@lru_cache(maxsize=8)
def synthetic_members(evidence: Evidence) -> Members:
    """Build fits of M2 and M3 whose draws come from their priors, as if the record had said nothing."""
    defaults, rng = Assumptions.defaults(evidence.claims), np.random.default_rng(20241231)
    prior = ordered_prior_at(defaults)
    transitions, readings = read_transitions(evidence, _drivers(evidence)), read_ledger(evidence)
    drawn = sample_ordered(prior, rng, MEMBER_SAMPLES)
    forecast = ordered_forecast(drawn, transitions, prior)
    ordered = _member(evidence, defaults, MODEL_M2, ORDERED.digest, (drawn, forecast))
    regimes = []
    for anchor in ANCHORS:
        drawn = sample_regimes(RegimePrior(stickiness=anchor), rng, MEMBER_SAMPLES)
        simulated = regimes_forecast(drawn, readings, seed=1, paths=MEMBER_PATHS)
        forecast = StateProbabilities.of(simulated.probabilities)
        setting = defaults.replace({"stickiness": anchor})
        fit = _member(evidence, setting, MODEL_M3, REGIMES.digest, (drawn, forecast))
        regimes.append(replace(fit, simulated=Simulated.of(simulated.ledgers, readings, {})))
    return Members(evidence=evidence, ordered=ordered, regimes=tuple(regimes))


def library_of(evidence: Evidence, fit: AlignmentFit) -> Library:
    """Build the library of one fit on its evidence."""
    return single(fit, _drivers(evidence), knobs(evidence.claims))


@lru_cache(maxsize=32)
def _drivers(evidence: Evidence) -> DriverTable:
    return driver_table(evidence)


def _parameters(prior: AlignmentPrior, samples: int, rng: np.random.Generator) -> xr.Dataset:
    alpha, beta = prior.persistence
    drivers = (samples, len(DRIVER_CLAIMS))
    values = {
        "break_log_odds": prior.break_mean + 0.7 * prior.break_sd * rng.standard_normal(samples),
        "level": prior.level_mean + 0.7 * prior.level_sd * rng.standard_normal(samples),
        "persistence": rng.beta(2 * alpha, 2 * beta, samples),
        "volatility": prior.volatility_scale * rng.gamma(9.0, 0.09, samples),
        "volatility_before": ALIGNMENT.volatility_before * rng.gamma(9.0, 0.09, samples),
        "break_slope": rng.lognormal(0.0, 0.3, samples),
        "space_offset": rng.normal(0.2, 0.2, samples),
    }
    table = {name: ("sample", value) for name, value in values.items()}
    coefficients = prior.beta_mean + 0.8 * prior.beta_sd * rng.standard_normal(drivers)
    table["beta"] = (("sample", "driver"), coefficients)
    return xr.Dataset(table, coords={"driver": list(DRIVER_CLAIMS)})


def _alignment(evidence: Evidence, parameters: xr.Dataset, rng: np.random.Generator) -> xr.DataArray:
    """Autoregressive paths around a swing that falls to 1970 and recovers by 1995."""
    years = np.arange(ALIGNMENT.first_year, evidence.as_of.year + 1)
    trend = np.interp(years, [1950, 1958, 1969, 1982, 1996, 2024], [2.0, 1.5, -2.0, -1.0, 1.2, 1.5])
    samples = parameters.sizes["sample"]
    noise = np.zeros((samples, years.size))
    for step in range(1, years.size):
        shock = 0.6 * parameters["volatility"].to_numpy() * rng.standard_normal(samples)
        noise[:, step] = parameters["persistence"].to_numpy() * noise[:, step - 1] + shock
    return xr.DataArray(trend + noise, dims=("sample", "year"), coords={"year": years})


def _draws(evidence: Evidence, parameters: xr.Dataset, alignment: xr.DataArray, rng: np.random.Generator) -> Draws:
    names = ("level", "persistence", "volatility", "break_log_odds", "break_slope", "space_offset")
    edges = np.array([-2.2, -1.1, 0.0, 0.8, 1.6, 2.4])
    jitter = 0.05 * rng.standard_normal((parameters.sizes["sample"], 1))
    origin = _drivers(evidence).origin[list(DRIVER_CLAIMS)].to_numpy()
    return Draws(
        alignment=alignment[:, -1].to_numpy(),
        drift=parameters["beta"].to_numpy() @ origin,
        cutpoints=edges + jitter,
        **{name: parameters[name].to_numpy() for name in names},
    )


def _fit(
    evidence: Evidence,
    assumptions: Assumptions,
    parameters: xr.Dataset,
    alignment: xr.DataArray,
    futures: tuple[SimulatedForecast, Simulated],
    seed: int,
) -> AlignmentFit:
    simulated, kept = futures
    samples = parameters.sizes["sample"]
    dims = {
        "state_probability": ("sample", "horizon", "state"),
        "any_rupture": ("sample", "horizon"),
        "any_deeper": ("sample", "horizon"),
    }
    horizons = list(horizons_from(evidence.as_of))
    coords = {"horizon": horizons, "state": list(STATES)}
    return AlignmentFit(
        parameters=parameters,
        alignment=alignment,
        future_alignment=xr.DataArray(simulated.future, dims=("sample", "horizon"), coords={"horizon": list(HORIZONS)}),
        probabilities=xr.Dataset(
            {name: (dims[name], value) for name, value in simulated.probabilities.items()}, coords=coords
        ),
        simulated=kept,
        chain=np.repeat(np.arange(CHAINS), samples // CHAINS),
        diagnostics=Diagnostics(checks=(CHECK,)),
        assumptions_values=dict(assumptions.values),
        evidence_digest=evidence.digest,
        rule_digest=RULE.digest,
        model_digest=digest_at(ALIGNMENT.digest, evidence.as_of),
        reference_date=evidence.as_of,
        seed=seed,
        settings={"chains": CHAINS, "tune": 0, "draws": samples // CHAINS},
        versions={"python": "3.13.0", "numpy": "2.0.0", "pymc": "6.0.0"},
    )


def _member(
    evidence: Evidence,
    assumptions: Assumptions,
    model_id: str,
    model_digest: str,
    drawn: tuple[Mapping[str, np.ndarray], StateProbabilities],
) -> MemberFit:
    return MemberFit(
        model_id=model_id,
        parameters=drawn[0],
        forecast=drawn[1],
        chain=np.repeat(np.arange(CHAINS), MEMBER_SAMPLES // CHAINS),
        diagnostics=Diagnostics(checks=(CHECK,)),
        assumptions_values=dict(assumptions.values),
        evidence_digest=evidence.digest,
        rule_digest=RULE.digest,
        model_digest=digest_at(model_digest, evidence.as_of),
        reference_date=evidence.as_of,
        seed=20241231,
        settings={"chains": CHAINS, "tune": 0, "draws": MEMBER_SAMPLES // CHAINS},
        versions={"python": "3.13.0", "numpy": "2.0.0", "pymc": "6.0.0"},
    )


def synthetic_snapshot(
    evidence: Evidence,
    library: Library,
    values: Mapping[str, float] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Snapshot:
    """Build the snapshot of a setting on a library."""
    assumptions = Assumptions.defaults(evidence.claims).replace(values or {}, reasons)
    return build_snapshot(evidence, library, make_forecast(evidence, library, assumptions), assumptions)


def whole_snapshot(
    evidence: Evidence,
    library: Library,
    values: Mapping[str, float] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Snapshot:
    """The same with what it says of signposts, as commands and the page make it; a library's first takes longer."""
    assumptions = Assumptions.defaults(evidence.claims).replace(values or {}, reasons)
    forecast = make_forecast(evidence, library, assumptions)
    said = published_signposts(evidence, library, forecast)
    return build_snapshot(evidence, library, forecast, assumptions, signposts=said)


def within_year(snapshot: Snapshot, day: date) -> Snapshot:
    """The snapshot of a year-end as if it counted from a day within a year: six horizons, the end of the day's own
    year with the chances of the first year-end ahead. Its numbers follow from nothing: it is light."""
    rows = []
    for model, _, target, h, _, *rest in snapshot.results:
        rows += [
            (model, str(day), target, ahead, str(year_end(day, ahead)), *rest) for ahead in ((0, 1) if h == 1 else (h,))
        ]
    evidence = replace(snapshot.evidence, as_of=day, known_on=max(day, snapshot.evidence.known_on))
    return replace(snapshot, reference_date=day, evidence=evidence, results=tuple(rows), inputs=MappingProxyType({}))
