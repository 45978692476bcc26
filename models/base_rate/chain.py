"""M0, the outside view: yearly states as a Markov chain with conjugate rows. Exact; no claim of the essay acts on it.

Rupture entry is split off. From a year in state s the chain first enters (or stays in) rupture with a Beta-distributed
hazard; if it does not, the next state among strain, transactional and deeper cooperation follows the Dirichlet row of
s. A plain Dirichlet row with a tiny weight on rupture would have a median of zero there; a Beta hazard does not.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Self

import numpy as np

from data.digest import digest
from data.values import frozen, settle
from models.base_rate.booked import Booked
from models.errors import AssumptionError, OutcomeError
from models.fits.certificate import Check
from models.fits.probabilities import StateProbabilities
from models.names import HORIZONS, STATES, Scenario

CALM_HAZARD = (1.5, 60.0)
"""Mean 2.4 % a year: between treaty ties of major powers (1.4 %) and civil space partnerships (1.8-3 %)."""
STRAIN_HAZARD = (1.5, 28.0)
"""Mean 5.1 % a year: a strained year is about twice as dangerous as a calm one, and known half as well."""
RUPTURE_STAY = (5.6, 2.4)
"""Mean 70 %, eight pseudo-years: a rupture lasts three to four years unless the ledger says otherwise."""
LARGEST_STRAIN_MEAN = 0.499
"""The strain hazard follows the calm one, but below one half: strain must not mostly mean rupture next year."""
ROW_STRENGTH = 8.0
"""Pseudo-years a row: enough that a row seen a few times is not read literally, little against decades of history."""
ROW_MEANS = (
    (0.80, 0.15, 0.05),
    (0.70, 0.25, 0.05),
    (0.14, 0.70, 0.16),
    (0.08, 0.22, 0.70),
)
"""Next state (strain, transactional, deeper) given that it is not rupture. States are sticky: 0.70 keeps a state for
about three and a half years, and with eight pseudo-years leaves 0.41 to 0.90 open. A move is mostly to a neighbour,
since the outcome rule looks back over several year-ends; a rupture that ends leaves strain behind."""

BASE_RATE_DIGEST = digest(
    {"calm": CALM_HAZARD, "strain": STRAIN_HAZARD, "stay": RUPTURE_STAY, "strength": ROW_STRENGTH, "rows": ROW_MEANS}
)
"""SHA-256 of the prior's constants."""

CALM, STRAIN, RUPTURE = 2, 1, 0
HAZARD_OF_STATE = np.array([RUPTURE, STRAIN, CALM, CALM])
DEEPER = Scenario.DEEPER.code


@frozen
class BaseRate:
    """Beliefs about the chain: the pseudo-counts of its conjugate rows.

    Attributes
    ----------
    hazards : tuple of (float, float)
        Beta counts (rupture, not rupture) out of rupture, out of strain, and out of a calm year. Transactional and
        deeper years share the last one: ruptures are too rare to learn two hazards.
    rows : tuple of (float, float, float)
        Dirichlet counts of strain, transactional, deeper out of each state, given no rupture.

    Raises
    ------
    AssumptionError
        A count is not positive and finite, or the shapes are wrong.
    """

    hazards: tuple[tuple[float, float], ...] = (RUPTURE_STAY, STRAIN_HAZARD, CALM_HAZARD)
    rows: tuple[tuple[float, ...], ...] = tuple(tuple(ROW_STRENGTH * mean for mean in row) for row in ROW_MEANS)

    def __post_init__(self) -> None:
        for name, shape in (("hazards", (3, 2)), ("rows", (4, 3))):
            counts = np.asarray(getattr(self, name), dtype=float)
            if counts.shape != shape or not np.all(np.isfinite(counts) & (counts > 0)):
                raise AssumptionError(
                    f"got {name} {getattr(self, name)!r}, expected positive finite counts of shape {shape}"
                )
            settle(self, **{name: tuple(tuple(map(float, row)) for row in counts)})

    @classmethod
    def from_history(cls, codes: Sequence[int] | np.ndarray, hazard: tuple[float, float] = CALM_HAZARD) -> Self:
        """Prior beliefs updated with a labelled history.

        Parameters
        ----------
        codes : sequence of int
            State of consecutive year-ends, 0 rupture … 3 deeper cooperation, -1 annulled (its two transitions are not
            counted).
        hazard : (float, float)
            Beta prior of the calm hazard; see `calm_hazard`. The strain hazard's prior mean moves in proportion.

        Raises
        ------
        AssumptionError, OutcomeError
        """
        prior = cls(hazards=(RUPTURE_STAY, _strain_hazard(hazard), hazard))
        hazards, rows = np.array(prior.hazards), np.array(prior.rows)
        seen = require_codes(codes)
        for here, there in pairwise(seen):
            if min(here, there) < 0:
                continue
            hazards[HAZARD_OF_STATE[here], int(there != RUPTURE)] += 1
            if there != RUPTURE:
                rows[here, there - 1] += 1
        return cls(hazards=tuple(map(tuple, hazards)), rows=tuple(map(tuple, rows)))

    def forecast(self, current_code: int, booked: Booked | None = None) -> StateProbabilities:
        """Exact predictive probabilities, ``state`` (5, 4), ``any_rupture`` (5,), ``any_deeper`` (5,).

        The predictive of a chain with conjugate rows is a Polya urn: a path's probability is the product of (count so
        far) / (total so far), and every step adds one to the counts it used. All 4^5 paths are enumerated.

        Parameters
        ----------
        current_code : int
            State at the last year-end.
        booked : Booked, optional
            What is known of a year that has begun; its end then comes before the five.
        """
        steps = len(HORIZONS) + (booked is not None)
        paths = np.indices((len(STATES),) * steps).reshape(steps, -1)
        probability = self._path_probabilities(require_state(current_code), paths)
        if booked is not None:
            first = np.bincount(paths[0], weights=probability)
            probability *= (booked.blend(first) / first)[paths[0]]
        return _targets(paths, probability)

    def draws(self, current_code: int, n: int, seed: int, booked: Booked | None = None) -> StateProbabilities:
        """Probabilities under `n` draws of the chain's parameters, ``state`` (n, 5, 4) and ``any_*`` (n, 5).

        Their spread says how little the model knows about its own parameters; their mean is `forecast` up to Monte
        Carlo error.
        """
        matrix = self.transition_draws(n, np.random.default_rng(seed))
        return chain_forecast(matrix, require_state(current_code), booked)

    def _path_probabilities(self, current: int, paths: np.ndarray) -> np.ndarray:
        """Probability of each column of `paths` (horizon, path)."""
        each = np.arange(paths.shape[1])
        hazards = np.repeat(np.array(self.hazards)[None], each.size, axis=0)
        rows = np.repeat(np.array(self.rows)[None], each.size, axis=0)
        probability = np.ones(each.size)
        here = np.full(each.size, current)
        for there in paths:
            kind, calm = HAZARD_OF_STATE[here], (there != RUPTURE).astype(int)
            probability *= hazards[each, kind, calm] / hazards[each, kind].sum(axis=1)
            hazards[each, kind, calm] += 1
            column = np.maximum(there - 1, 0)
            probability *= np.where(calm, rows[each, here, column] / rows[each, here].sum(axis=1), 1.0)
            rows[each, here, column] += calm
            here = there
        return probability

    def transition_draws(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Transition matrices, shape (n, from, to)."""
        enter = np.stack([rng.beta(*counts, size=n) for counts in self.hazards], axis=1)[:, HAZARD_OF_STATE]
        rest = np.stack([rng.dirichlet(row, size=n) for row in self.rows], axis=1)
        return np.concatenate([enter[..., None], (1 - enter[..., None]) * rest], axis=-1)


def calm_hazard(rupture_hazard: float) -> tuple[float, float]:
    """Beta prior of the calm hazard with mean `rupture_hazard` (a year) and the 61.5 pseudo-years of the default.

    Raises
    ------
    AssumptionError
        Outside 0 to 1, both excluded.
    """
    if not 0 < rupture_hazard < 1:
        raise AssumptionError(
            f"got a rupture hazard of {rupture_hazard!r}, expected a probability between 0 and 1; move the knob"
        )
    strength = sum(CALM_HAZARD)
    return rupture_hazard * strength, (1 - rupture_hazard) * strength


def prior_gate(prior: BaseRate | None = None, draws: int = 20_000, seed: int = 20241231) -> tuple[Check, ...]:
    """Whether the prior says sensible things about a transactional year, on the scale of probabilities.

    Parameters
    ----------
    prior : BaseRate, optional
        Beliefs before any history; the defaults when omitted.
    draws : int
        Parameter draws; 20,000 hold the shares below within 0.4 points (two standard errors).
    """
    prior = prior or BaseRate()
    start = Scenario.TRANSACTIONAL.code
    first = prior.draws(start, draws, seed).state[:, 0]
    stay, rupture = first[:, start], first[:, RUPTURE]
    means = prior.forecast(start).state
    inside = float(np.mean((stay >= 0.40) & (stay <= 0.90)))
    median, high = (float(value) for value in np.quantile(rupture, (0.5, 0.95)))
    low_mean, high_mean = float(means.min()), float(means.max())
    return (
        _check(
            "stay_one_year",
            inside >= 0.90,
            inside,
            ">= 0.90",
            "Share of prior draws that keep the state with 40 to 90 %.",
        ),
        _check(
            "rupture_median", 0.01 <= median <= 0.04, median, "0.01 to 0.04", "Median chance of rupture within a year."
        ),
        _check(
            "rupture_high", high < 0.12, high, "< 0.12", "95 % of prior draws put rupture within a year below this."
        ),
        _check(
            "rarest_state",
            low_mean >= 0.003,
            low_mean,
            ">= 0.003",
            "Smallest mean probability of a state, any horizon.",
        ),
        _check(
            "commonest_state",
            high_mean <= 0.90,
            high_mean,
            "<= 0.90",
            "Largest mean probability of a state, any horizon.",
        ),
    )


def _check(name: str, passed: bool, value: float, threshold: str, meaning: str) -> Check:
    return Check(name=f"prior: {name}", passed=bool(passed), value=value, threshold=threshold, meaning=meaning)


def _strain_hazard(calm: tuple[float, float]) -> tuple[float, float]:
    """Beta prior of the strain hazard: 29.5 pseudo-years, mean moved in proportion to the calm one."""
    a, b = calm
    if not (a > 0 and b > 0):
        raise AssumptionError(f"got a calm hazard Beta{calm!r}, expected two positive counts; use calm_hazard()")
    ratio = (a / (a + b)) / (CALM_HAZARD[0] / sum(CALM_HAZARD))
    strength = sum(STRAIN_HAZARD)
    mean = min(STRAIN_HAZARD[0] / strength * ratio, LARGEST_STRAIN_MEAN)
    return mean * strength, (1 - mean) * strength


def require_codes(codes: Sequence[int] | np.ndarray) -> np.ndarray:
    """One row of codes -1 to 3, or an `OutcomeError`."""
    seen = np.asarray(codes)
    if seen.ndim != 1 or not np.all(np.isin(seen, np.arange(-1, len(STATES)))):
        raise OutcomeError(
            f"got states {seen!r}, expected one row of codes -1 to {len(STATES) - 1}; label the years with resolve"
        )
    return seen.astype(int)


def require_state(code: int) -> int:
    """The code 0 to 3 of a labelled year, or an `OutcomeError`."""
    if code not in range(len(STATES)):
        raise OutcomeError(
            f"got the current state {code!r}, expected a code 0 to {len(STATES) - 1}; forecast from a labelled year"
        )
    return int(code)


def _targets(paths: np.ndarray, probability: np.ndarray) -> StateProbabilities:
    state = np.stack([(paths == code) @ probability for code in range(len(STATES))], axis=-1)
    ever = (np.logical_or.accumulate(paths == code, axis=0) @ probability for code in (RUPTURE, DEEPER))
    return StateProbabilities(state, *ever)


def chain_forecast(matrix: np.ndarray, current: int, booked: Booked | None = None) -> StateProbabilities:
    """Exact probabilities of the targets under transition matrices, shape (n, from, to), first axis the same.

    Each is that of every step, or there is one for each: shape (step, n, from, to). `booked` is as in
    `BaseRate.forecast`.
    """
    first, steps = (matrix if matrix.ndim == 3 else matrix[0])[:, current], len(HORIZONS)
    if booked is not None:
        first, steps = booked.blend(first), steps + 1
    ever = (occupancy(first, absorbing(matrix, code), steps)[..., code] for code in (RUPTURE, DEEPER))
    return StateProbabilities(occupancy(first, matrix, steps), *ever)


def absorbing(matrix: np.ndarray, code: int) -> np.ndarray:
    """The same chain, shape (..., from, to), never leaving `code` once there."""
    stuck = matrix.copy()
    stuck[..., code, :] = np.eye(len(STATES))[code]
    return stuck


def occupancy(first: np.ndarray, matrix: np.ndarray, steps: int = len(HORIZONS)) -> np.ndarray:
    """State probabilities at each year-end, shape (n, step, state), from those at the first, shape (n, state).

    The chain's matrix is that of every step, shape (n, from, to), or of each, shape (step, n, from, to).
    """
    years = [first]
    for step in np.broadcast_to(matrix, (steps, *matrix.shape[-3:]))[1:]:
        years.append(np.einsum("ni,nij->nj", years[-1], step))
    return np.stack(years, axis=1)
