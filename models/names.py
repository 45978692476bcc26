"""The words that appear on outputs: states, targets, model ids and the columns of the results table."""

from enum import StrEnum


class Scenario(StrEnum):
    """The four exclusive, exhaustive states of the relationship, ordered from worst to best."""

    RUPTURE = "rupture"
    STRAIN = "strain"
    TRANSACTIONAL = "transactional"
    DEEPER = "deeper"

    @property
    def code(self) -> int:
        """Position in the order, 0 (rupture) to 3 (deeper cooperation)."""
        return STATES.index(self.value)


STATES = tuple(scenario.value for scenario in Scenario)
HORIZONS = (1, 2, 3, 4, 5)

TARGET_STATE = "state_at_year_end"
TARGET_RUPTURE = "rupture_by_year_end"
TARGET_DEEPER = "deeper_by_year_end"
TARGETS = (TARGET_STATE, TARGET_RUPTURE, TARGET_DEEPER)
TARGET_YEAR_MEAN = "year_mean"
TARGET_YEAR_WORD = "year_mean_class"
YEAR_TARGETS = (TARGET_YEAR_MEAN, TARGET_YEAR_WORD)
YEAR_WORDS = ("worse", "about_as_before", "better")
"""A year's own mean against the tone at the reference date, from worst to best."""

MODEL_MIXTURE = "mixture"
MODEL_M0 = "m0_base_rate"
MODEL_M1 = "m1_latent_alignment"
MODEL_M2 = "m2_ordered_regression"
MODEL_M3 = "m3_hidden_regimes"
MEMBERS = (MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3)
MODELS = (MODEL_MIXTURE, *MEMBERS)

PMF = "pmf"
MCSE = "mcse"
INTERVAL = "interval"
INTERVAL_LEVELS = (0.05, 0.95)
QUANTILE = "quantile"
QUANTILE_LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)

TABLE_COLUMNS = (
    "model_id",
    "reference_date",
    "target",
    "horizon",
    "target_end_date",
    "output_type",
    "output_type_id",
    "value",
)
