"""The collapsed posterior: what a re-weighting needs of each draw once coefficients and level are integrated out.

Given the latent path ``a``, its persistence and its volatility, the coefficients ``beta`` and the long-run level meet
the evidence only through a linear regression, ``a_t - persistence * a_{t-1} = x_{t-1} @ beta + (1 - persistence) *
level + volatility * e_t`` and ``a_0 = level + noise``. Its posterior is normal in closed form. And they act on the
forecast only through one number, the yearly push at the reference date, ``origin @ beta + (1 - persistence) * level``.
So these thirteen parameters, twelve of which the evidence hardly informs, can be replaced by their push before a draw
is weighed. Weights in the smaller space are the conditional means of those in the larger one, hence never more variable
(Rao and Blackwell; docs/decisions/0003).
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Self

import numpy as np

from data.values import frozen, settle
from models.alignment.priors import SCALARS, AlignmentPrior, normal_log_density
from models.errors import FitError
from models.fits.alignment_fit import AlignmentFit
from models.measures.driver_table import DriverTable
from models.measures.structure import ALIGNMENT


@frozen(eq=False)
class CollapsedDraws:
    """Posterior draws of everything that a knob acts on, without the coefficients.

    Attributes
    ----------
    crossproduct : ndarray, shape (sample, driver)
        ``sum_t x_{t-1} u_t`` with ``u_t = a_t - persistence * a_{t-1}`` (latent points times sds).
    total, total_before : ndarray, shape (sample,)
        ``sum_t u_t`` over the steps since the split year, and over those before it.
    start : ndarray, shape (sample,)
        Alignment of the first year.
    push : ndarray, shape (sample,)
        What drivers and level add to the alignment in a year, at the reference date; latent points.
    persistence, volatility, break_log_odds : ndarray, shape (sample,)
    volatility_before : ndarray, shape (sample,)
        Of the steps before the split year; its prior is moved by no knob.
    gram : ndarray, shape (driver, driver)
        ``sum_t x_{t-1} x_{t-1}'`` of the standardised drivers, the same for every draw.
    driver_total : ndarray, shape (driver,)
        ``sum_t x_{t-1}``.
    steps, steps_before : ndarray, shape ()
        Number of yearly steps since the split year, and before it. All drivers act after it.
    origin : ndarray, shape (driver,)
        Standardised drivers at the reference date.
    """

    crossproduct: np.ndarray
    total: np.ndarray
    total_before: np.ndarray
    start: np.ndarray
    push: np.ndarray
    persistence: np.ndarray
    volatility: np.ndarray
    volatility_before: np.ndarray
    break_log_odds: np.ndarray
    gram: np.ndarray
    driver_total: np.ndarray
    steps: np.ndarray
    steps_before: np.ndarray
    origin: np.ndarray

    def __post_init__(self) -> None:
        for field in fields(self):
            array = np.array(getattr(self, field.name), dtype=np.float64)
            if not np.all(np.isfinite(array)):
                raise FitError(f"{field.name} holds values that are not finite, expected numbers; fit again")
            array.flags.writeable = False
            settle(self, **{field.name: array})

    @classmethod
    def of(cls, fit: AlignmentFit, drivers: DriverTable) -> Self:
        """Collapse the draws of a fit made on these drivers."""
        parameters, lagged, origin = fit.parameters, np.asarray(drivers.lagged), drivers.origin.to_numpy()
        beta = parameters["beta"].sel(driver=list(drivers.origin.index)).transpose("sample", "driver").to_numpy()
        level, persistence = parameters["level"].to_numpy(), parameters["persistence"].to_numpy()
        path = fit.alignment.to_numpy().astype(np.float64)
        moves = path[:, 1:] - persistence[:, None] * path[:, :-1]
        early = ALIGNMENT.is_early(fit.alignment.coords["year"].to_numpy()[1:])
        if lagged[early].any():
            raise FitError("got drivers that act before the split of the volatility, expected none; mask them")
        return cls(
            crossproduct=moves @ lagged,
            total=moves[:, ~early].sum(axis=1),
            total_before=moves[:, early].sum(axis=1),
            start=path[:, 0],
            push=beta @ origin + (1 - persistence) * level,
            persistence=persistence,
            volatility=parameters["volatility"].to_numpy(),
            volatility_before=parameters["volatility_before"].to_numpy(),
            break_log_odds=parameters["break_log_odds"].to_numpy(),
            gram=lagged.T @ lagged,
            driver_total=lagged.sum(axis=0),
            steps=np.array((~early).sum()),
            steps_before=np.array(early.sum()),
            origin=origin,
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Pool draws that were made on one evidence, which is taken from the first part.

        Raises
        ------
        FitError
            The parts saw different drivers.
        """
        for part in parts[1:]:
            if odd := part._unlike(parts[0]):
                raise FitError(
                    f"the fits saw different drivers ({odd} differs), expected the same; fit them again on one evidence"
                )
        pooled = {name: np.concatenate([getattr(part, name) for part in parts]) for name in PER_DRAW}
        return cls(**pooled, **{name: getattr(parts[0], name) for name in SHARED})

    def _unlike(self, other: Self) -> str:
        """What of the evidence is another than the other's, by more than two processors make of one; empty if nothing.

        A sum of products differs by at most its rounding errors, which are in proportion to the product of the two
        columns' lengths (Cauchy and Schwarz).
        """
        length = np.sqrt(np.diag(other.gram))
        sizes = {
            "gram": np.outer(length, length),
            "driver_total": np.sqrt(other.steps) * length,
            "steps": np.zeros(()),
            "steps_before": np.zeros(()),
            "origin": np.ones(other.origin.shape),
        }
        for name, size in sizes.items():
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine.shape != theirs.shape or np.any(np.abs(mine - theirs) > SAME_EVIDENCE * size):
                return name
        return ""

    def part(self, rows: slice | np.ndarray) -> "CollapsedDraws":
        """Some draws only, of the same evidence."""
        chosen = {name: getattr(self, name)[rows] for name in PER_DRAW}
        return CollapsedDraws(**chosen, **{name: getattr(self, name) for name in SHARED})

    @property
    def as_stored(self) -> "CollapsedDraws":
        """The same draws in the single precision that a library is stored in: what is published must follow from it."""
        single = {name: getattr(self, name).astype(np.float32) for name in PER_DRAW}
        return CollapsedDraws(**single, **{name: getattr(self, name) for name in SHARED})

    def log_density(self, prior: AlignmentPrior) -> np.ndarray:
        """Log density of the draws' collapsed space that depends on the prior, up to one constant for all priors.

        Returns
        -------
        ndarray of float64, shape (sample,)
        """
        return Regression.of(self, prior).log_density

    def log_path_density(self, prior: AlignmentPrior) -> np.ndarray:
        """As `log_density`, of path and scalars alone: for draws whose coefficients and level are drawn anew.

        What is left out of the density cannot make the weights vary.
        """
        return Regression.of(self, prior).log_evidence + self.log_scalars(prior)

    def log_scalars(self, prior: AlignmentPrior) -> np.ndarray:
        """The part of `log_density` that is neither the path's nor the push's."""
        return prior.scalar_log_density({name: getattr(self, name) for name in SCALARS})

    def coefficients(self, prior: AlignmentPrior) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of every coefficient given each draw's path, both of shape (sample, driver)."""
        return Regression.of(self, prior).coefficients

    def level(self, prior: AlignmentPrior) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of the long-run level given each draw's path, both of shape (sample,)."""
        regression = Regression.of(self, prior)
        return regression.level_mean, regression.level_variance


EARLY = ("total_before", "volatility_before")
"""What draws of the first structure, with one volatility for all years, lack."""
PER_DRAW = ("crossproduct", "total", "start", "push", *SCALARS, *EARLY)
SAME_EVIDENCE = 1e-9
"""Of a driver in standard deviations, and of a sum relative to its terms: 75 years of float64 are off by 1e-14, while
drivers are told to three digits or more, so that another reading moves a sum by a thousand times this at least."""
SHARED = ("gram", "driver_total", "steps", "origin", "steps_before")


@frozen(eq=False)
class Regression:
    """The normal law of coefficients and level given each draw's path.

    Coefficients stand in units of their prior sds and are rotated by the eigenvectors U of ``S^(1/2) G S^(1/2) = U
    diag(lambda) U'``; then each draw needs only its own volatility in a diagonal. Given the level, the rotated
    coefficients have variances `shrink` and means ``shrink * (information - level * pull)``; the level in turn has
    `level_mean` and `level_variance`.

    Attributes
    ----------
    draws : CollapsedDraws
    prior : AlignmentPrior
    rotation : ndarray, shape (driver, driver)
    shrink, information, pull : ndarray, shape (sample, driver)
        ``1 / (1 + lambda / volatility^2)``; what path and prior say about the coefficients; and how one latent point of
        level changes that.
    level_mean, level_variance : ndarray, shape (sample,)
    """

    draws: CollapsedDraws
    prior: AlignmentPrior
    rotation: np.ndarray
    shrink: np.ndarray
    information: np.ndarray
    pull: np.ndarray
    level_mean: np.ndarray
    level_variance: np.ndarray

    @classmethod
    def of(cls, draws: CollapsedDraws, prior: AlignmentPrior) -> Self:
        """Solve for every draw at once."""
        scale, precision, room = prior.beta_sd, 1 / np.square(draws.volatility), 1 - draws.persistence
        before = 1 / np.square(draws.volatility_before)
        eigenvalues, rotation = np.linalg.eigh(scale[:, None] * draws.gram * scale)
        shrink = 1 / (1 + eigenvalues.clip(0) * precision[:, None])
        along_paths = draws.crossproduct @ (scale[:, None] * rotation) * precision[:, None]
        information = along_paths + (prior.beta_mean / scale) @ rotation
        pull = (room * precision)[:, None] * ((draws.driver_total * scale) @ rotation)
        precisions = 1 / ALIGNMENT.start_sd**2, 1 / prior.level_sd**2
        inverse = np.square(room) * draws.steps * precision - (shrink * np.square(pull)).sum(axis=1) + sum(precisions)
        at_level = room * draws.total * precision - np.einsum("ij,ij,ij->i", shrink, information, pull)
        inverse = inverse + np.square(room) * draws.steps_before * before
        at_level = at_level + room * draws.total_before * before
        at_level = at_level + precisions[0] * draws.start + precisions[1] * prior.level_mean
        return cls(
            draws=draws,
            prior=prior,
            rotation=rotation,
            shrink=shrink,
            information=information,
            pull=pull,
            level_mean=at_level / inverse,
            level_variance=1 / inverse,
        )

    @property
    def log_density(self) -> np.ndarray:
        """As `CollapsedDraws.log_density`, shape (sample,)."""
        return self.log_evidence + self.log_push + self.draws.log_scalars(self.prior)

    @property
    def log_evidence(self) -> np.ndarray:
        """Log density of each path, coefficients and level integrated out (Woodbury's identity); shape (sample,), up to
        a constant."""
        prior, shrink = self.prior, self.shrink
        coefficients = np.log(shrink).sum(axis=1) + np.einsum("ij,ij,ij->i", shrink, self.information, self.information)
        level = np.log(self.level_variance) + np.square(self.level_mean) / self.level_variance
        centred = np.square(prior.beta_mean / prior.beta_sd).sum() + (prior.level_mean / prior.level_sd) ** 2
        return 0.5 * (coefficients + level - centred) - np.log(prior.level_sd)

    @property
    def log_push(self) -> np.ndarray:
        """Log density of each draw's push given its path, shape (sample,)."""
        return normal_log_density(self.draws.push, *self.push_law)

    @property
    def push_law(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of each draw's push given its path, both of shape (sample,)."""
        along = (self.draws.origin * self.prior.beta_sd) @ self.rotation
        by_level = 1 - self.draws.persistence - (self.shrink * self.pull) @ along
        mean = (self.shrink * self.information) @ along + by_level * self.level_mean
        variance = self.shrink @ np.square(along) + np.square(by_level) * self.level_variance
        return mean, np.sqrt(variance)

    @property
    def coefficients(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of the coefficients, shape (sample, driver), back in latent points per sd of the driver."""
        back = self.rotation.T * self.prior.beta_sd
        by_level = (self.shrink * self.pull) @ back
        mean = (self.shrink * self.information) @ back - by_level * self.level_mean[:, None]
        return mean, self.shrink @ np.square(back) + np.square(by_level) * self.level_variance[:, None]

    def drawn(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Coefficients (sample, driver) and level (sample,) drawn together from their law given each draw's path."""
        level = self.level_mean + np.sqrt(self.level_variance) * rng.standard_normal(self.level_mean.shape)
        rotated = self.shrink * (self.information - level[:, None] * self.pull)
        rotated += np.sqrt(self.shrink) * rng.standard_normal(self.shrink.shape)
        return rotated @ (self.rotation.T * self.prior.beta_sd), level
