"""The past forecast again: every model refitted at every year-end with what was known then.

A hindcast, not a forecast: the models were written, and their priors chosen, by people who knew what followed.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from data.digest import Fields, digest
from data.load import REFERENCE_DATE, load_evidence
from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.assumptions.shares import WEIGHT_KNOBS
from models.backtest.controls import VARIANTS, drivers_of
from models.base_rate.outside_view import outside_view
from models.errors import FitError
from models.fits.probabilities import StateProbabilities
from models.library.structures import STRUCTURE_DIGESTS
from models.measures.drivers import frozen_scaling
from models.measures.structure import ALIGNMENT
from models.names import HORIZONS, MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, STATES
from models.outcome.rule import RULE, yearly_codes
from models.sampling.anchor_fits import Attempts
from models.storage.tasks import require_evidence
from models.weighting.batch_means import mean_error

FIRST_ORIGIN: Mapping[str, int] = {MODEL_M0: 1975, MODEL_M1: 2004, MODEL_M2: 2004, MODEL_M3: 1975}
"""The brief starts the models without drivers in 1975 and those with them in 2005, when fifteen years of drivers are
there; 2004 gives them the twenty origins that stacking asks for."""
LAST_ORIGIN = REFERENCE_DATE.year - 1
SETTINGS: Mapping[str, Attempts] = {
    MODEL_M1: (
        {"chains": 4, "tune": 800, "draws": 800, "target_accept": 0.95},
        {"chains": 4, "tune": 2000, "draws": 2000, "target_accept": 0.99},
    ),
    MODEL_M2: (
        {"chains": 4, "tune": 1000, "draws": 1000, "target_accept": 0.95},
        {"chains": 4, "tune": 2000, "draws": 3000, "target_accept": 0.99},
    ),
    MODEL_M3: (
        {"chains": 4, "tune": 800, "draws": 800, "target_accept": 0.95},
        {"chains": 4, "tune": 2000, "draws": 3000, "target_accept": 0.99},
    ),
}
"""Sampler settings of the first attempt, and of a second where a check failed."""
SEED = 20_241_231


@frozen
class PastTask:
    """A past year-end to forecast from, in plain values that travel to another process or machine.

    Attributes
    ----------
    origin : int
        The reference date is the last day of this year.
    evidence_digest : str
        Of what was visible on the reference date.
    values : Mapping[str, float]
        Knob values.
    """

    origin: int
    evidence_digest: str
    values: Mapping[str, float]
    seed: int = SEED

    @property
    def reference_date(self) -> date:
        """Last day that counts."""
        return date(self.origin, 12, 31)

    @property
    def fitted(self) -> dict[str, float]:
        """Knob values that a fit may depend on: no weights of the mixture."""
        weights = set(WEIGHT_KNOBS.values())
        return {name: value for name, value in self.values.items() if name not in weights}

    @property
    def evidence(self) -> Evidence:
        """What this machine has of the evidence that was visible then.

        Raises
        ------
        FitError
            It is other evidence than was asked about.
        """
        evidence = whole_evidence().visible(self.reference_date)
        require_evidence(evidence.digest, self.evidence_digest)
        return evidence


@frozen
class OriginTask(PastTask):
    """One model at one origin.

    Attributes
    ----------
    variant : str
        What is done to the drivers: one of `models.backtest.controls.VARIANTS`.
    """

    model_id: str
    variant: str

    @property
    def key(self) -> str:
        """Digest of everything that decides the forecast."""
        inputs = {
            "model": [self.model_id, STRUCTURE_DIGESTS[self.model_id]],
            "origin": self.origin,
            "variant": self.variant,
            "evidence": self.evidence_digest,
            "rule": RULE.digest,
            "scaling": digest(frozen_scaling().digestible) if self.model_id in (MODEL_M1, MODEL_M2) else "",
            "values": self.fitted,
            "seed": self.seed,
            "settings": [dict(numbers) for numbers in SETTINGS.get(self.model_id, ())],
        }
        return digest(inputs)


def origin_tasks(
    evidence: Evidence, models: Sequence[str] = MEMBERS, variant: str = VARIANTS[0], last: int = LAST_ORIGIN
) -> tuple[OriginTask, ...]:
    """One task for every model and origin, models together so that a worker compiles each once.

    Raises
    ------
    FitError
        An unknown model or variant.
    """
    if not set(models) <= set(MEMBERS) or variant not in VARIANTS:
        raise FitError(
            f"got the models {list(models)} and the variant {variant!r}, expected some of {', '.join(MEMBERS)} and one "
            f"of {', '.join(VARIANTS)}; correct the names"
        )
    values = dict(Assumptions.defaults(evidence.claims).values)
    seen = {year: evidence.visible(date(year, 12, 31)).digest for year in range(min(FIRST_ORIGIN.values()), last + 1)}
    return tuple(
        OriginTask(model_id=model, origin=year, variant=variant, evidence_digest=seen[year], values=values)
        for model in models
        for year in range(FIRST_ORIGIN[model], last + 1)
    )


def run_origin(task: OriginTask) -> Fields:
    """Forecast in this process, from the evidence that this machine has.

    Returns
    -------
    dict
        ``p`` and ``mcse`` (horizon, outcome) as lists, outcomes `OUTCOMES`; ``failed``, the checks that the fit did
        not pass; ``attempts``.

    Raises
    ------
    FitError
        This machine has other evidence.
    SamplerError
    """
    return hindcast(task, task.evidence)


def hindcast(task: OriginTask, evidence: Evidence) -> Fields:
    """As `run_origin`, from given evidence of the task's reference date."""
    if task.model_id == MODEL_M0:
        p = outside_view(evidence, task.values["rupture_hazard"]).outcomes
        return {"p": p.tolist(), "mcse": np.zeros_like(p).tolist(), "failed": [], "attempts": 0}
    setting = Assumptions.defaults(evidence.claims).replace(task.values)
    result: dict[str, object] = {}
    for attempt, settings in enumerate(attempts(task.model_id, task.seed)):
        forecast, chain, failed = _fit(task, evidence, setting, settings)
        error = mean_error(forecast.reshape(chain.size, -1), chain).reshape(forecast.shape[1:])
        means = forecast.mean(axis=0)
        result = {"p": means.tolist(), "mcse": error.tolist(), "failed": failed, "attempts": attempt + 1}
        if not failed:
            break
    return result


def attempts(model_id: str, seed: int) -> tuple:
    """Sampler settings to try in turn, until a fit passes its checks."""
    from models.sampling.sampler import SamplerSettings

    return tuple(SamplerSettings.of(numbers, seed + index) for index, numbers in enumerate(SETTINGS[model_id]))


def hindcast_table(evidence: Evidence, tasks: Sequence[OriginTask], results: Sequence[Fields]) -> pd.DataFrame:
    """One row for each model, variant, origin and horizon whose target date has passed.

    Parameters
    ----------
    evidence : Evidence
        The whole evidence: what happened.

    Returns
    -------
    DataFrame
        ``kind`` (always "hindcast"), ``model_id, variant, origin, horizon, target_year, observed`` (state), ``p_*`` and
        ``mcse_*`` of the four states, ``p_any_rupture``, ``p_any_deeper``, ``failed`` (checks, by "; ").
    """
    last = evidence.as_of.year
    codes = yearly_codes(evidence.events, ALIGNMENT.first_year, last)
    rows = []
    for task, result in zip(tasks, results, strict=True):
        p, mcse = np.array(result["p"]), np.array(result["mcse"])
        for index, horizon in enumerate(HORIZONS):
            year = task.origin + horizon
            code = int(codes[year - ALIGNMENT.first_year]) if year <= last else -1
            if code >= 0:
                values = zip((*STATES, "any_rupture", "any_deeper"), p[index], strict=True)
                rows.append(
                    {
                        "kind": "hindcast",
                        "model_id": task.model_id,
                        "variant": task.variant,
                        "origin": task.origin,
                        "horizon": horizon,
                        "target_year": year,
                        "observed": STATES[code],
                        **{f"p_{name}": float(value) for name, value in values},
                        **{f"mcse_{name}": float(value) for name, value in zip(STATES, mcse[index], strict=False)},
                        "failed": "; ".join(result["failed"]),
                    }
                )
    return pd.DataFrame(rows)


@lru_cache(maxsize=1)
def whole_evidence() -> Evidence:
    """All that the files hold, read once a process."""
    return load_evidence(REFERENCE_DATE)


@lru_cache(maxsize=3)
def compiled_once(model_id: str):
    """The model compiled for the longest history; it serves all origins."""
    evidence = whole_evidence()
    defaults = Assumptions.defaults(evidence.claims)
    if model_id == MODEL_M1:
        from models.sampling.fit_alignment import CompiledAlignment

        return CompiledAlignment.of(evidence, defaults)
    from models.sampling.fit_members import CompiledOrdered, CompiledRegimes

    return (CompiledOrdered if model_id == MODEL_M2 else CompiledRegimes).of(evidence, defaults)


def fitted(model_id: str, evidence: Evidence, setting: Assumptions, settings, variant: str = VARIANTS[0]):
    """A fit of M1, M2 or M3 on this evidence, whatever its checks say; the model is compiled once a process."""
    compiled = compiled_once(model_id)
    seen = () if model_id == MODEL_M3 else (drivers_of(evidence, variant),)
    if model_id == MODEL_M1:
        from models.sampling.fit_alignment import fit_compiled

        return fit_compiled(compiled.at(evidence, *seen), setting, settings=settings)
    return compiled.at(evidence, *seen).fit(setting, settings)


def _fit(task: OriginTask, evidence: Evidence, setting: Assumptions, settings) -> tuple[np.ndarray, np.ndarray, list]:
    """Per-draw forecasts (sample, horizon, outcome), chain numbers, and the names of failed checks."""
    fit = fitted(task.model_id, evidence, setting, settings, task.variant)
    forecast = StateProbabilities.of(fit.probabilities) if task.model_id == MODEL_M1 else fit.forecast
    return forecast.outcomes, fit.chain, [check.name for check in fit.diagnostics.failures]
