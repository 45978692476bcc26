"""The published chances with drivers held and without, model by model, in two columns.

The published number stays what it is: what a model adds is the difference between two simulations of its own draws with
the same random numbers, and the mixture moves by the models' shares of these.
"""

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Self

import numpy as np
import pandas as pd

from data.days import horizons_from, year_end
from data.digest import Fields
from data.types import Evidence
from data.values import frozen
from models.assumptions.reasons import evidence_alone, with_reasons
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import AlignmentFit
from models.forecast.learning import knob_learning
from models.forecast.results import Forecast, make_forecast
from models.library.answer import FAIR_MCSE, GOOD_MCSE
from models.library.library import Library
from models.names import (
    MODEL_M1,
    MODEL_M2,
    MODEL_MIXTURE,
    PMF,
    STATES,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
)
from models.paths.alignment import ContinuedAlignment, FittedAlignment
from models.paths.difference import Difference
from models.paths.drivers import HeldDrivers
from models.paths.holds import Hold, require_apart
from models.paths.ordered import ContinuedOrdered
from models.rounding import PUBLISHED
from models.weighting.status import Status

ALONE, REASONS = COLUMNS = ("evidence alone", "with the essay's reasons")
CELLS = (*((TARGET_STATE, state) for state in STATES), (TARGET_RUPTURE, "yes"), (TARGET_DEEPER, "yes"))
"""Target and outcome of each column of a model's chances."""
TABLE = ("model_id", "target", "horizon", "target_end_date", "outcome", "without", "held", "difference", "mcse")
LISTENERS = (MODEL_M1, MODEL_M2)
"""The models that read drivers; the others stay as they are."""


@frozen(eq=False)
class PathAnswer:
    """What one setting says when drivers are held.

    Attributes
    ----------
    holds : tuple of Hold
    table : DataFrame
        Columns `TABLE`: of every model and question the chance (0-1) as published, with the drivers held, the
        difference, and the Monte Carlo standard error of that.
    first_year : int
        The first year-end that can move.
    status : Status
        The worst of the published forecast's, of the weights behind the difference, and of its error.
    pareto_k : float or None
    ess : float
        Of M1's weights.
    agreeing : float
        Share (0-1) of M1's draws, by weight, whose alignment the holds move to the same side as on average at the last
        horizon; 1 where they move none.
    learning : Mapping of str to str
        What the evidence says of each held claim (`models.forecast.learning.Verdict`), by claim.
    listening : float
        Share (0-1) of the mixture that reads drivers at all.
    """

    holds: tuple[Hold, ...]
    table: pd.DataFrame
    first_year: int
    status: Status
    pareto_k: float | None
    ess: float
    agreeing: float
    learning: Mapping[str, str]
    listening: float

    @property
    def plain(self) -> Fields:
        """As JSON values, chances as finely as they are published."""
        decimals = PUBLISHED.decimals
        numbers = ["without", "held", "difference", "mcse"]
        table = self.table.assign(**{name: self.table[name].round(decimals) for name in numbers})
        known = self.pareto_k is not None and math.isfinite(self.pareto_k)
        return {
            "holds": [hold.text for hold in self.holds],
            "first_year": self.first_year,
            "status": self.status.value,
            "pareto_k": round(self.pareto_k, PUBLISHED.reliability) if known else None,
            "ess": round(self.ess, 1),
            "agreeing": round(self.agreeing, decimals),
            "learning": dict(self.learning),
            "listening": round(self.listening, decimals),
            "rows": table.to_dict("records"),
        }

    def cell(self, target: str, horizon: int, outcome: str, model: str = MODEL_MIXTURE) -> pd.Series:
        """One row of the table."""
        t = self.table
        at = (t["model_id"] == model) & (t["target"] == target) & (t["horizon"] == horizon) & (t["outcome"] == outcome)
        if at.sum() != 1:
            raise KeyError(f"got {at.sum()} rows for {(model, target, horizon, outcome)}, expected one")
        return t[at].iloc[0]


@frozen(eq=False)
class PathBasis:
    """What the answers under all settings share.

    Attributes
    ----------
    evidence : Evidence
    library : Library
    drivers : HeldDrivers
    fitted : FittedAlignment
    """

    evidence: Evidence
    library: Library
    drivers: HeldDrivers
    fitted: FittedAlignment

    @classmethod
    def of(cls, evidence: Evidence, library: Library, fit: AlignmentFit) -> Self:
        """Of the evidence, its library, and the base case on the same evidence."""
        drivers = HeldDrivers.of(evidence)
        fitted = FittedAlignment.of(evidence, fit, drivers.table)
        return cls(evidence=evidence, library=library, drivers=drivers, fitted=fitted)

    def in_both(self, assumptions: Assumptions, holds: Iterable[Hold]) -> Mapping[str, PathAnswer]:
        """The evidence alone and the essay's reasons, each with whatever else a setting moves, by `COLUMNS`.

        Raises
        ------
        AssumptionError
            A hold that nothing can be said of.
        """
        asked = require_apart(holds)
        settings = zip(COLUMNS, (evidence_alone(assumptions), with_reasons(assumptions)), strict=True)
        self.drivers.along(asked)  # refuse before anything is simulated
        made = {name: make_forecast(self.evidence, self.library, setting) for name, setting in settings}
        return MappingProxyType({name: PathSetting.of(self, forecast).held(asked) for name, forecast in made.items()})


@frozen(eq=False)
class PathSetting:
    """One setting, ready to be asked: half of an answer's time goes into this, whatever is held.

    Attributes
    ----------
    basis : PathBasis
    forecast : Forecast
        As published.
    alignment : ContinuedAlignment
    ordered : ContinuedOrdered or None
        None in a library without fits of M2.
    """

    basis: PathBasis
    forecast: Forecast
    alignment: ContinuedAlignment
    ordered: ContinuedOrdered | None

    @classmethod
    def of(cls, basis: PathBasis, forecast: Forecast) -> Self:
        """Of a forecast on the basis's evidence."""
        members, assumptions = basis.library.members, forecast.assumptions
        return cls(
            basis=basis,
            forecast=forecast,
            alignment=ContinuedAlignment.of(basis.fitted, assumptions, basis.drivers.along()),
            ordered=None if members is None else ContinuedOrdered.of(members, assumptions),
        )

    def held(self, holds: Iterable[Hold]) -> PathAnswer:
        """With drivers held.

        Raises
        ------
        AssumptionError
            A hold that nothing can be said of.
        """
        asked, drivers, shares = require_apart(holds), self.basis.drivers, self.forecast.model_weights
        first_year = min(map(drivers.first_year, asked))
        differences = self._differences(asked, self.forecast.horizons.index(first_year - drivers.as_of.year))
        table = _table(self.forecast, differences)
        weights = self.alignment.weights
        badges = [weights.status] if shares.get(MODEL_M1, 0) > 0 else []
        if self.ordered is not None and shares.get(MODEL_M2, 0) > 0:
            badges.append(self.ordered.weights.status)
        worst = float(table.loc[table["model_id"] == MODEL_MIXTURE, "mcse"].max())
        status = Status.worst(self.forecast.status, *badges)
        return PathAnswer(
            holds=asked,
            table=table,
            first_year=first_year,
            status=status.allowing(worst, GOOD_MCSE, FAIR_MCSE),
            pareto_k=weights.pareto_k,
            ess=weights.ess,
            agreeing=self._agreeing(asked),
            learning=self._learning(asked),
            listening=sum(shares.get(model, 0.0) for model in LISTENERS),
        )

    def _differences(self, holds: tuple[Hold, ...], first: int) -> Mapping[str, Difference]:
        """Of the models that read drivers, by model id."""
        drivers, alignment = self.basis.drivers, self.alignment
        pair = alignment.without, alignment.along(drivers.along(holds))
        moved = {MODEL_M1: Difference.between(pair, alignment.weights, alignment.fitted.blocks, first)}
        if (ordered := self.ordered) is not None:
            pair = ordered.along(drivers.labels_along()), ordered.along(drivers.labels_along(holds))
            moved[MODEL_M2] = Difference.between(pair, ordered.weights, ordered.blocks, first)
        return moved

    def _agreeing(self, holds: tuple[Hold, ...]) -> float:
        drivers, weights = self.basis.drivers, self.alignment.weights.values
        moves = self.alignment.shift(drivers.along(holds) - drivers.along())[:, -1]
        side = np.sign(weights @ moves)
        return float(weights @ (np.sign(moves) == side)) if side else 1.0

    def _learning(self, holds: tuple[Hold, ...]) -> Mapping[str, str]:
        learning = knob_learning(self.basis.library, self.forecast.assumptions, self.forecast.weights)
        verdicts = learning.set_index("key")["verdict"]
        return MappingProxyType({hold.claim: str(verdicts[hold.claim]) for hold in holds})


def _table(forecast: Forecast, differences: Mapping[str, Difference]) -> pd.DataFrame:
    day, horizons = forecast.reference_date, horizons_from(forecast.reference_date)
    none, shares = Difference.none(len(horizons)), forecast.model_weights
    every = {model: differences.get(model, none) for model in shares}
    mixed = Difference(
        mean=sum(shares[model] * each.mean for model, each in every.items()),
        mcse=np.sqrt(sum(np.square(shares[model] * each.mcse) for model, each in every.items())),
    )
    parts, published = [], _published(forecast)
    for model, moved in {MODEL_MIXTURE: mixed, **every}.items():
        without = published[model]
        held = np.where(moved.mean.any(axis=1, keepdims=True), possible(without + moved.mean), without)
        cells = [
            (model, target, h, year_end(day, h).isoformat(), outcome) for h in horizons for target, outcome in CELLS
        ]
        numbers = zip(*(part.ravel() for part in (without, held, held - without, moved.mcse)), strict=True)
        parts += [(*cell, *each) for cell, each in zip(cells, numbers, strict=True)]
    return pd.DataFrame(parts, columns=list(TABLE))


def possible(chances: np.ndarray) -> np.ndarray:
    """Chances that the noise of a difference has pushed below 0 or above 1, or out of their order, put right.

    Parameters
    ----------
    chances : ndarray, shape (horizon, outcome)
        As `CELLS`: the states, which add up to one, then "at least one rupture" and "at least one deeper" year-end.
    """
    states = chances[:, : len(STATES)].clip(0)
    states /= states.sum(axis=1, keepdims=True)
    ever = np.maximum(chances[:, len(STATES) :].clip(0, 1), states[:, [0, -1]])
    return np.concatenate([states, np.maximum.accumulate(ever, axis=0)], axis=1)


def _published(forecast: Forecast) -> Mapping[str, np.ndarray]:
    """Every model's chances as published, shape (horizon, outcome), by model id."""
    rows, horizons = forecast.table[forecast.table["output_type"] == PMF], horizons_from(forecast.reference_date)
    keys = zip(*(rows[name].tolist() for name in ("model_id", "horizon", "target", "output_type_id")), strict=True)
    values = dict(zip(keys, rows["value"].tolist(), strict=True))
    models = (MODEL_MIXTURE, *forecast.model_weights)
    return {model: np.array([[values[model, h, *cell] for cell in CELLS] for h in horizons]) for model in models}
