"""Which model is asked on which past day, in plain values that travel to another process or machine."""

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from data.days import last_whole_year, last_year_end
from data.digest import digest
from data.editions.edition import newest_edition
from data.load import load_evidence
from data.types import Evidence
from data.values import frozen
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions
from models.assumptions.shares import WEIGHT_KNOBS
from models.backtest.controls import AS_RECORDED, ESSAY, VARIANTS, first_origin
from models.errors import FitError
from models.library.structures import structures_at
from models.measures.drivers import frozen_scaling
from models.names import MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3
from models.outcome.rule import RULE
from models.sampling.anchor_fits import Attempts
from models.storage.tasks import require_evidence

FIRST_ORIGIN: Mapping[str, int] = {MODEL_M0: 1975, MODEL_M1: 1975, MODEL_M2: 2004, MODEL_M3: 1975}
"""Twenty-five years of history for what reads the ledger alone; ordered regression lives by its drivers, and by 2004
fifteen years of them are there."""
LAST_ORIGIN = last_whole_year(newest_edition().as_of) - 1
"""The last year-end after which another has been labelled."""
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
SEEDS_APART = 10
"""Room for the attempts between the seeds of neighbouring origins."""
YEAR_END = 12
"""Month of the yearly origins."""


@frozen
class PastTask:
    """A past day to forecast from.

    Attributes
    ----------
    origin : int
        Year of the reference date.
    evidence_digest : str
        Of what was known on the reference date.
    values : Mapping[str, float]
        Knob values.
    month : int
        Its last day is the reference date.
    """

    origin: int
    evidence_digest: str
    values: Mapping[str, float]
    seed: int = SEED
    month: int = YEAR_END

    @property
    def reference_date(self) -> date:
        """Last day that counts."""
        return month_end(self.origin, self.month)

    @property
    def fitted(self) -> dict[str, float]:
        """Knob values that a fit may depend on: no weights of the mixture."""
        weights = set(WEIGHT_KNOBS.values())
        return {name: value for name, value in self.values.items() if name not in weights}

    @property
    def evidence(self) -> Evidence:
        """What this machine has of the evidence that was known then.

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
            "model": [self.model_id, structures_at(self.reference_date)[self.model_id]],
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
    evidence: Evidence,
    models: Sequence[str] = MEMBERS,
    variant: str = AS_RECORDED,
    last: int = LAST_ORIGIN,
    month: int = YEAR_END,
) -> tuple[OriginTask, ...]:
    """One task for every model and origin, models together so that a worker compiles each once.

    Parameters
    ----------
    last : int
        The last yearly origin.
    month : int
        Origins inside a year lie in the years that the yearly origins stand before: each has its start of the year.

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
    defaults = Assumptions.defaults(evidence.claims)
    values = {**defaults.values, **(presets(defaults.knobs)[ESSAY].values if variant == ESSAY else {})}
    later = int(month != YEAR_END)
    years = {m: range(first_origin(FIRST_ORIGIN[m], variant) + later, last + later + 1) for m in models}
    seen = {year: evidence.visible(month_end(year, month)).digest for year in sorted(set().union(*years.values()))}
    return tuple(
        OriginTask(
            model_id=model,
            origin=year,
            variant=variant,
            evidence_digest=seen[year],
            values=values,
            seed=seed_at(year, month),
            month=month,
        )
        for model in models
        for year in years[model]
    )


def month_end(year: int, month: int) -> date:
    """Last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def seed_at(origin: int, month: int = YEAR_END) -> int:
    """The seed of an origin: one for all variants, so that they differ by what they are, and another for each origin,
    so that simulation noise averages out over origins."""
    return SEED + SEEDS_APART * origin + YEAR_END - month


@lru_cache(maxsize=1)
def whole_evidence() -> Evidence:
    """All that the files hold of whole years, read once a process."""
    return load_evidence(last_year_end(newest_edition().as_of))
