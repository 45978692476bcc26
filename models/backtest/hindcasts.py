"""The past forecast again: every model refitted at every year-end with what was known then.

A hindcast, not a forecast: the models were written, and their priors chosen, by people who knew what followed.
"""

from functools import lru_cache

import numpy as np

from data.digest import Fields
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.backtest.controls import AS_RECORDED, ONE_VOLATILITY, drivers_of
from models.backtest.origins import SETTINGS, OriginTask, whole_evidence
from models.base_rate.outside_view import outside_view
from models.fits.probabilities import StateProbabilities
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3
from models.scores.distributions import quantiles_of
from models.weighting.batch_means import mean_error


def run_origin(task: OriginTask) -> Fields:
    """Forecast in this process, from the evidence that this machine has.

    Returns
    -------
    dict
        ``p`` and ``mcse`` (horizon, outcome) as lists, outcomes `OUTCOMES`; ``year_mean``, quantiles of each year's own
        mean (horizon, level), None of a model that simulates no ledgers; ``failed``, the checks that the fit did not
        pass; ``attempts``.

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
        return {"p": p.tolist(), "mcse": np.zeros_like(p).tolist(), "year_mean": None, "failed": [], "attempts": 0}
    setting = Assumptions.defaults(evidence.claims).replace(task.values)
    result: dict[str, object] = {}
    for attempt, settings in enumerate(attempts(task.model_id, task.seed)):
        fit = fitted(task.model_id, evidence, setting, settings, task.variant)
        failed = [check.name for check in fit.diagnostics.failures]
        result = {**_forecast(task.model_id, fit), "failed": failed, "attempts": attempt + 1}
        if not failed:
            break
    return result


def attempts(model_id: str, seed: int) -> tuple:
    """Sampler settings to try in turn, until a fit passes its checks."""
    from models.sampling.sampler import SamplerSettings

    return tuple(SamplerSettings.of(numbers, seed + index) for index, numbers in enumerate(SETTINGS[model_id]))


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


def fitted(model_id: str, evidence: Evidence, setting: Assumptions, settings, variant: str = AS_RECORDED):
    """A fit of M1, M2 or M3 on this evidence, whatever its checks say; the model is compiled once a process."""
    compiled = compiled_once(model_id)
    seen = () if model_id == MODEL_M3 else (drivers_of(evidence, variant),)
    if model_id == MODEL_M1:
        from models.sampling.fit_alignment import fit_compiled

        at_origin = compiled.at(evidence, *seen, split=variant != ONE_VOLATILITY)
        return fit_compiled(at_origin, setting, settings=settings)
    return compiled.at(evidence, *seen).fit(setting, settings)


def _forecast(model_id: str, fit) -> Fields:
    """What a fit says: means over its draws, their Monte Carlo errors, and quantiles of simulated years' means."""
    forecast = (StateProbabilities.of(fit.probabilities) if model_id == MODEL_M1 else fit.forecast).outcomes
    error = mean_error(forecast.reshape(fit.chain.size, -1), fit.chain).reshape(forecast.shape[1:])
    simulated = None if model_id == MODEL_M2 else fit.year_means.reshape(-1, forecast.shape[1])
    return {
        "p": forecast.mean(axis=0).tolist(),
        "mcse": error.tolist(),
        "year_mean": None if simulated is None else quantiles_of(simulated).round(3).tolist(),
    }
