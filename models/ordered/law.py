"""M2, the ordered regression, in NumPy: prior, likelihood and exact forecast. PyMC's twin:
`models.sampling.ordered_model`.

Next year-end's state follows an ordered logit: ``P(y_t <= k) = logit^-1(c_k - eta_t)`` with ``eta_t = step(y_{t-1}) +
x_{t-1} @ beta + shift``. The transactional state is the reference, with step 0. Its row at ``eta = 0`` has the prior,
and the cut-points are read off it: ``c_k = logit(P(y <= k))``. A prior on that row is Betancourt's induced Dirichlet
prior on cut-points, written where it can be compared with M0's row, and needs no Jacobian.
"""

import math
from dataclasses import asdict, replace

import numpy as np

from data.digest import digest
from data.values import frozen
from models.alignment.prior_predictive import prior_checks
from models.alignment.priors import REFERENCE_BREAK_RATE, AlignmentPrior, normal_log_density
from models.assumptions.knobs import BASELINE_CLAIM, HISTORY_CLAIM, Knobs
from models.base_rate.chain import CALM, CALM_HAZARD, ROW_MEANS, calm_hazard, chain_forecast
from models.errors import AssumptionError
from models.fits.certificate import Check
from models.fits.probabilities import StateProbabilities
from models.measures.structure import DRIVER_SCALE, DriverScale
from models.names import STATES
from models.ordered.transitions import FIRST_YEAR, Transitions
from models.storage.arrays import Arrays

type Parameters = Arrays
"""Draws: ``hazard`` (sample,), ``rest`` (sample, 3), ``step`` (sample, 3), ``beta`` (sample, driver)."""


@frozen
class OrderedStructure:
    """Constants of M2 that no knob moves.

    Attributes
    ----------
    version : str
        Raised by hand whenever the model's equations change.
    first_year : int
        First labelled year-end.
    row_hazard, row_means : tuple of float
        M0's: Beta counts of rupture, and means of the rest, out of a transactional year.
    row_strength : float
        Pseudo-years behind the reference row, given no rupture. M0's eight, with the drivers of 2025 on top, leave
        only 87 % of prior draws with a chance of staying between 40 and 90 % (required: 90 %) when the drivers count
        as much as the essay says; twelve leave 93 %, and 96 % with weak drivers.
    step_median : tuple of float
        Prior medians of the steps (log odds): rupture below strain, strain below transactional, deeper above it. Each
        brings the mean row out of its state as near as a shift of the reference row can to M0's (least Kullback-Leibler
        divergence at -4.5, -2.1 and 2.3). Averaged over the prior rupture stays with 63 % (M0: 70) and deeper with 60 %
        (68). Out of strain, one shift cannot give M0's 66 % strain and 5 % rupture at once: it gives 38 % and 20 %.
    step_log_sd : float
        Log-sd of every step. 0.35 is 0.8 log odds for a step of 2.3: what M0's eight pseudo-years leave open of
        staying (41 to 90 %) is 2.6 log odds wide, or 0.8 as a standard deviation.
    drivers : DriverScale
        As M1's.
    """

    version: str = "m2-1"
    first_year: int = FIRST_YEAR
    row_hazard: tuple[float, float] = CALM_HAZARD
    row_means: tuple[float, float, float] = ROW_MEANS[CALM]
    row_strength: float = 12.0
    step_median: tuple[float, float, float] = (2.4, 2.1, 2.3)
    step_log_sd: float = 0.35
    drivers: DriverScale = DRIVER_SCALE

    @property
    def digest(self) -> str:
        """SHA-256 of every constant."""
        return digest(asdict(self))


ORDERED = OrderedStructure()


@frozen
class OrderedPrior:
    """Priors of M2.

    Attributes
    ----------
    hazard : (float, float)
        Beta counts of rupture and not, next year, in the reference row.
    rest : (float, float, float)
        Dirichlet counts of strain, transactional, deeper in the reference row, given no rupture.
    step_location, step_scale : tuple of float
        Log-normal priors of the three steps: mean and sd of their logs.
    beta_mean, beta_sd : tuple of float, one per driver
        Normal priors of the coefficients: log odds of a higher state per sd of the driver.
    shift : float
        Fixed push of every year (log odds), which the long-run level C14 moves.

    Raises
    ------
    AssumptionError
        A number is not finite, or a count or spread is not positive.
    """

    hazard: tuple[float, float]
    rest: tuple[float, float, float]
    step_location: tuple[float, float, float]
    step_scale: tuple[float, float, float]
    beta_mean: tuple[float, ...]
    beta_sd: tuple[float, ...]
    shift: float

    def __post_init__(self) -> None:
        positive = (*self.hazard, *self.rest, *self.step_scale, *self.beta_sd)
        every = (*positive, *self.step_location, *self.beta_mean, self.shift)
        if not all(map(math.isfinite, every)) or min(positive) <= 0:
            raise AssumptionError(
                f"got {self!r}, expected finite numbers with positive counts and spreads; take it from ordered_prior"
            )


def ordered_prior(prior: AlignmentPrior, knobs: Knobs, structure: OrderedStructure = ORDERED) -> OrderedPrior:
    """The priors of M2 that the knobs imply.

    M1 measures coefficients in latent points, 0.35 of a log odds; here they are log odds. The break claim C13
    multiplies the odds of the hazard's prior mean, relative to its default, at which the row is M0's; the counts behind
    the hazard stay, whatever the confidence. A long-run level one latent point higher adds ``1 - persistence`` latent
    points to every year's push; the persistence is held at its default, since the states carry their own here.

    Parameters
    ----------
    prior : AlignmentPrior
        Of M1, at the same knob values.
    knobs : Mapping[str, Knob]
        Where the defaults stand.
    """
    reference = math.log(REFERENCE_BREAK_RATE / (1 - REFERENCE_BREAK_RATE))
    ratio = math.exp(prior.break_mean - reference) / knobs[HISTORY_CLAIM].default
    odds = structure.row_hazard[0] / structure.row_hazard[1] * ratio
    pull = (1 - knobs["persistence"].default) / DRIVER_SCALE.latent_scale
    return OrderedPrior(
        hazard=calm_hazard(odds / (1 + odds)),
        rest=tuple(structure.row_strength * mean for mean in structure.row_means),
        step_location=tuple(map(math.log, structure.step_median)),
        step_scale=(structure.step_log_sd,) * len(structure.step_median),
        beta_mean=tuple((prior.beta_mean / DRIVER_SCALE.latent_scale).tolist()),
        beta_sd=tuple((prior.beta_sd / DRIVER_SCALE.latent_scale).tolist()),
        shift=(prior.level_mean - knobs[BASELINE_CLAIM].default) * pull,
    )


def sample_prior(prior: OrderedPrior, rng: np.random.Generator, size: int) -> Arrays:
    """Independent draws of the parameters."""
    return {
        "hazard": rng.beta(*prior.hazard, size),
        "rest": rng.dirichlet(prior.rest, size),
        "step": np.exp(prior.step_location + np.array(prior.step_scale) * rng.standard_normal((size, 3))),
        "beta": prior.beta_mean + np.array(prior.beta_sd) * rng.standard_normal((size, len(prior.beta_mean))),
    }


def reference_row(parameters: Parameters) -> np.ndarray:
    """Next year's states out of the transactional one at ``eta = 0``, shape (sample, state)."""
    hazard = parameters["hazard"][:, None]
    return np.concatenate([hazard, (1 - hazard) * parameters["rest"]], axis=1)


def cutpoints(row: np.ndarray) -> np.ndarray:
    """Cut-points whose ordered logit at ``eta = 0`` is `row` (..., state), shape (..., 3)."""
    below = np.cumsum(row, axis=-1)[..., :-1]
    above = np.cumsum(row[..., ::-1], axis=-1)[..., -2::-1]
    return np.log(below) - np.log(above)


def state_steps(step: np.ndarray) -> np.ndarray:
    """Push of last year's state, shape (sample, state)."""
    return np.stack([-step[:, 0] - step[:, 1], -step[:, 1], np.zeros(len(step)), step[:, 2]], axis=1)


def row_probabilities(cuts: np.ndarray, eta: np.ndarray) -> np.ndarray:
    """Probability of every state, shape (..., state), from cut-points (..., 3) and pushes (...)."""
    upper, lower = _edges(cuts)
    push = eta[..., None]
    return np.exp(log_sigmoid(upper - push) + log_sigmoid(push - lower) + _log_gaps(cuts))


def log_prior(parameters: Parameters, prior: OrderedPrior) -> np.ndarray:
    """Log prior density on the natural scales (``rest`` by its first two entries), shape (sample,)."""
    hazard, rest, log_step = parameters["hazard"], parameters["rest"], np.log(parameters["step"])
    a, b = prior.hazard
    counts = np.array(prior.rest)
    return (
        (a - 1) * np.log(hazard)
        + (b - 1) * np.log1p(-hazard)
        - _log_beta(prior.hazard)
        + np.log(rest) @ (counts - 1)
        - _log_beta(prior.rest)
        + (normal_log_density(log_step, np.array(prior.step_location), np.array(prior.step_scale)) - log_step).sum(1)
        + normal_log_density(parameters["beta"], np.array(prior.beta_mean), np.array(prior.beta_sd)).sum(axis=1)
    )


def log_likelihood(parameters: Parameters, transitions: Transitions, prior: OrderedPrior) -> np.ndarray:
    """Log probability of the seen transitions, shape (sample,); of the prior only the fixed shift matters."""
    kept = transitions.seen > 0
    before, after = transitions.before[kept], transitions.after[kept]
    eta = state_steps(parameters["step"])[:, before] + parameters["beta"] @ transitions.drivers[kept].T + prior.shift
    cuts = cutpoints(reference_row(parameters))
    upper, lower = _edges(cuts)
    each = log_sigmoid(upper[:, after] - eta) + log_sigmoid(eta - lower[:, after])
    return each.sum(axis=1) + _log_gaps(cuts) @ np.bincount(after, minlength=len(STATES))


def transition_matrix(parameters: Parameters, drivers: np.ndarray, prior: OrderedPrior) -> np.ndarray:
    """Transition matrices under `drivers` (driver,), shape (sample, from, to)."""
    eta = state_steps(parameters["step"]) + (parameters["beta"] @ drivers)[:, None] + prior.shift
    return row_probabilities(cutpoints(reference_row(parameters))[:, None, :], eta)


def forecast(parameters: Parameters, transitions: Transitions, prior: OrderedPrior) -> StateProbabilities:
    """Exact probabilities of the targets under every draw, drivers held at the reference date.

    Returns
    -------
    StateProbabilities
        ``state`` (sample, horizon, state), ``any_rupture`` and ``any_deeper`` (sample, horizon).
    """
    matrix = transition_matrix(parameters, transitions.origin, prior)
    return chain_forecast(matrix, transitions.current, transitions.booked)


def forecast_along(
    parameters: Parameters, transitions: Transitions, prior: OrderedPrior, drivers: np.ndarray
) -> StateProbabilities:
    """As `forecast`, with drivers of their own (step, driver) for each year-end that is forecast."""
    matrices = np.stack([transition_matrix(parameters, yearly, prior) for yearly in drivers])
    return chain_forecast(matrices, transitions.current, transitions.booked)


def simulate_history(
    parameters: Parameters, transitions: Transitions, prior: OrderedPrior, rng: np.random.Generator
) -> Transitions:
    """Another history under one set of parameters (arrays of one sample), from the first state on.

    Drivers and weights stay as they are; padding after the last seen transition is left alone.
    """
    last = int(np.flatnonzero(transitions.seen)[-1])
    before, after = transitions.before.copy(), transitions.after.copy()
    state = int(before[0])
    for index, drivers in enumerate(transitions.drivers[: last + 1]):
        before[index] = state
        below = np.cumsum(transition_matrix(parameters, drivers, prior)[0, state])
        state = int(np.searchsorted(below[:-1], rng.random(), side="right"))
        after[index] = state
    return replace(transitions, before=before, after=after, current=state)


def ordered_prior_checks(
    prior: OrderedPrior, transitions: Transitions, seed: int = 20241231, size: int = 20_000
) -> tuple[Check, ...]:
    """The prior predictive gate, from a transactional year-end with the drivers of the reference date.

    `size` draws hold its shares within 0.4 points (two standard errors).
    """
    start = replace(transitions, current=CALM, booked=None)
    first = forecast(sample_prior(prior, np.random.default_rng(seed), size), start, prior)
    return prior_checks({"state_probability": first.state, "kept": np.array(1.0)})


def log_sigmoid(x: np.ndarray) -> np.ndarray:
    """``log(logit^-1(x))`` without loss of digits in either tail."""
    return np.minimum(x, 0.0) - np.log1p(np.exp(-np.abs(x)))


def _edges(cuts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Upper and lower cut-point of every state, infinite at the ends."""
    end = np.full((*cuts.shape[:-1], 1), np.inf)
    return np.concatenate([cuts, end], axis=-1), np.concatenate([-end, cuts], axis=-1)


def _log_gaps(cuts: np.ndarray) -> np.ndarray:
    """What a state between two cut-points has beside its two tails, 0 for the outer states.

    A difference of two logistic curves factors: ``s(u) - s(l) = s(u) s(-l) (1 - exp(l - u))``.
    """
    inner = np.log(-np.expm1(-np.diff(cuts, axis=-1)))
    zero = np.zeros((*cuts.shape[:-1], 1))
    return np.concatenate([zero, inner, zero], axis=-1)


def _log_beta(counts: tuple[float, ...]) -> float:
    """Log of the multivariate beta function, which normalises a Dirichlet density."""
    return sum(map(math.lgamma, counts)) - math.lgamma(sum(counts))
