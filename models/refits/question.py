"""What a refit is asked: the name of the question, what re-weighting says, and how far a refit is from it."""

from data.digest import digest
from data.types import Evidence
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import AlignmentFit
from models.forecast.results import Forecast, make_forecast
from models.library.pool import single
from models.measures.drivers import driver_table
from models.measures.structure import ALIGNMENT
from models.names import MCSE, MODEL_M1, PMF, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE
from models.outcome.rule import RULE
from models.refits.request import Expected
from models.weighting.status import Status

ASKED = (TARGET_STATE, TARGET_RUPTURE, TARGET_DEEPER)
"""What a refit's own draws answer without simulating a ledger."""


def refit_key(evidence: Evidence, assumptions: Assumptions) -> str:
    """Name of a refit: digest of the evidence, rule, model and priors that decide its draws."""
    prior = prior_parameters(assumptions).plain
    return digest({"evidence": evidence.digest, "rule": RULE.digest, "model": ALIGNMENT.digest, "prior": prior})


def expected(forecast: Forecast) -> tuple[Expected, ...]:
    """What re-weighting says, for the refit to contradict; nothing where its badge says that it does not know."""
    if forecast.status == Status.POOR:
        return ()
    rows = forecast.table[(forecast.table["model_id"] == MODEL_M1) & forecast.table["target"].isin(ASKED)]
    wide = rows.pivot_table(
        index=["target", "horizon", "output_type_id"], columns="output_type", values="value", sort=False
    ).dropna(subset=[PMF, MCSE])
    return tuple(
        Expected(target=target, horizon=int(horizon), outcome=outcome, probability=float(row.pmf), mcse=float(row.mcse))
        for (target, horizon, outcome), row in zip(wide.index, wide.itertuples(), strict=True)
    )


def fit_gap(forecast: Forecast, fit: AlignmentFit, evidence: Evidence) -> float | None:
    """Largest difference (0-1) between the latent-alignment model's numbers and those of a refit of the very same
    setting; None when the refit is of other evidence."""
    if fit.evidence_digest != evidence.digest:
        return None
    rows = forecast.table[(forecast.table["model_id"] == MODEL_M1) & (forecast.table["output_type"] == PMF)]
    library = single(fit, driver_table(evidence), forecast.assumptions.knobs)
    alone = make_forecast(evidence, library, forecast.assumptions)
    return float((rows["value"] - alone.table.loc[rows.index, "value"]).abs().max())
