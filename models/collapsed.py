"""The collapsed posterior: what a re-weighting needs of each draw once the coefficients are integrated out.

Given the latent path, the coefficients ``beta`` meet the record only through the yearly pushes ``r_t = x_{t-1} @ beta +
volatility * e_t``: a linear regression, whose posterior is normal in closed form. And they act on the forecast only
through their push at the reference date, ``drift = origin @ beta``. So ``beta`` (twelve dimensions that the record
hardly informs) can be replaced by its drift (one dimension) before a draw is weighed. Weights in the smaller space are
the conditional means of those in the larger one, hence never more variable (Rao and Blackwell; docs/decisions/0003).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from models.drivers import DriverTable
from models.errors import FitError
from models.posterior import Fit
from models.priors import SCALARS, PriorParameters, normal_log_density


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CollapsedDraws:
    """Posterior draws of everything that a knob acts on, without the coefficients.

    Attributes
    ----------
    crossproduct : ndarray, shape (sample, driver)
        ``sum_t x_{t-1} r_t``: the drivers' covariation with the pushes of a draw's path (latent points times sds).
    drift : ndarray, shape (sample,)
        Push of the drivers at the reference date, latent points.
    level, persistence, volatility, break_log_odds : ndarray, shape (sample,)
    gram : ndarray, shape (driver, driver)
        ``sum_t x_{t-1} x_{t-1}'`` of the standardised drivers, the same for every draw.
    origin : ndarray, shape (driver,)
        Standardised drivers at the reference date.
    """

    crossproduct: np.ndarray
    drift: np.ndarray
    level: np.ndarray
    persistence: np.ndarray
    volatility: np.ndarray
    break_log_odds: np.ndarray
    gram: np.ndarray
    origin: np.ndarray

    def __post_init__(self) -> None:
        for one in fields(self):
            array = np.array(getattr(self, one.name), dtype=np.float64)
            if not np.all(np.isfinite(array)):
                raise FitError(f"{one.name} holds values that are not finite, expected numbers; fit again")
            array.flags.writeable = False
            object.__setattr__(self, one.name, array)

    @classmethod
    def of(cls, fit: Fit, drivers: DriverTable) -> Self:
        """Collapse the draws of a fit made on these drivers."""
        parameters, lagged, origin = fit.parameters, np.asarray(drivers.lagged), drivers.origin.to_numpy()
        beta = parameters["beta"].sel(driver=list(drivers.origin.index)).transpose("sample", "driver").to_numpy()
        level, persistence = parameters["level"].to_numpy(), parameters["persistence"].to_numpy()
        distance = fit.alignment.to_numpy().astype(np.float64) - level[:, None]
        pushes = distance[:, 1:] - persistence[:, None] * distance[:, :-1]
        return cls(
            crossproduct=pushes @ lagged,
            drift=beta @ origin,
            level=level,
            persistence=persistence,
            volatility=parameters["volatility"].to_numpy(),
            break_log_odds=parameters["break_log_odds"].to_numpy(),
            gram=lagged.T @ lagged,
            origin=origin,
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Pool draws that were made on one record.

        Raises
        ------
        FitError
            The parts saw different drivers.
        """
        for part in parts[1:]:
            same = np.array_equal(part.gram, parts[0].gram) and np.array_equal(part.origin, parts[0].origin)
            if not same:
                raise FitError("the fits saw different drivers, expected one record; fit them again on one")
        pooled = {name: np.concatenate([getattr(part, name) for part in parts]) for name in PER_DRAW}
        return cls(**pooled, gram=parts[0].gram, origin=parts[0].origin)

    def part(self, rows: slice | np.ndarray) -> "CollapsedDraws":
        """The same record, some draws only."""
        chosen = {name: getattr(self, name)[rows] for name in PER_DRAW}
        return CollapsedDraws(**chosen, gram=self.gram, origin=self.origin)

    def log_density(self, prior: PriorParameters) -> np.ndarray:
        """Log density of the draws' collapsed space that depends on the prior, up to one constant for all priors.

        With independent normal priors ``beta_j ~ N(m_j, s_j^2)`` and ``Q = S^(1/2) G S^(1/2) = U diag(lambda) U'``
        (G the gram matrix), each draw needs only its own volatility in the diagonal: ``log N(r; X m, X S X' +
        volatility^2 I)`` by Woodbury's identity, and the normal law of the drift given the path.

        Returns
        -------
        ndarray of float64, shape (sample,)
        """
        rotation, shrink, information = self._regression(prior)
        centred = float(np.square(prior.beta_mean / prior.beta_sd).sum())
        posterior = information * shrink
        pushes = 0.5 * (np.log(shrink).sum(axis=1) + np.einsum("ij,ij->i", posterior, information) - centred)
        along = (self.origin * prior.beta_sd) @ rotation
        drift = normal_log_density(self.drift, posterior @ along, np.sqrt(shrink @ np.square(along)))
        return pushes + drift + prior.scalar_log_density({name: getattr(self, name) for name in SCALARS})

    def coefficients(self, prior: PriorParameters) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of every coefficient given each draw's path, both of shape (sample, driver)."""
        rotation, shrink, information = self._regression(prior)
        mean = (information * shrink) @ rotation.T * prior.beta_sd
        return mean, shrink @ np.square(rotation.T) * np.square(prior.beta_sd)

    def _regression(self, prior: PriorParameters) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rotation U (driver, driver), variances ``1 / (1 + lambda / volatility^2)`` and information, (sample, driver)
        both, of the coefficients in units of their prior sds."""
        scale = prior.beta_sd
        eigenvalues, rotation = np.linalg.eigh(scale[:, None] * self.gram * scale)
        precision = 1 / np.square(self.volatility)[:, None]
        shrink = 1 / (1 + eigenvalues.clip(0) * precision)
        information = self.crossproduct @ (scale[:, None] * rotation) * precision
        return rotation, shrink, information + (prior.beta_mean / scale) @ rotation


PER_DRAW = ("crossproduct", "drift", *SCALARS)
