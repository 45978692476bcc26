"""The knobs: one `Knob` for every assumption a person can move, generated from the essay's claims.

A claim's knob is the odds ratio of a higher relationship state next year for +1 sd of the claim's driver, **in the
direction the essay claims**: 1.0 says that the mechanism does nothing, below 1.0 that it works the other way.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType
from typing import Literal

from data.types import Claim
from models.errors import AssumptionError

HISTORY_CLAIM = "C13"
BASELINE_CLAIM = "C14"
GRID_TOLERANCE = 1e-6
MODEL_WEIGHTS = (
    ("outside_view_weight", "the base rate", 0.25, "the base-rate model, which knows no claim"),
    ("alignment_weight", "latent alignment", 0.35, "the latent-alignment model, which reads every event and driver"),
    ("ordered_weight", "ordered regression", 0.25, "the ordered regression of next year's state on this year's"),
    ("regimes_weight", "hidden regimes", 0.15, "the hidden-regimes model, which knows sharp turns and no claim"),
)
"""Knob, name, default and meaning of each model's weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """One knob: what it means, where it may stand and why it starts where it does.

    Attributes
    ----------
    key : str
        Name in links, snapshots and code (``C01`` … ``C14`` or a global knob).
    label, unit, help : str
        Plain words for the page.
    low, high, step, default : float
        Bounds, grid (multiples of `step`) and starting value, in `unit`.
    paragraph : str
        Paragraph(s) of the essay, empty for knobs that are not the essay's.
    reason : str
        Why the default stands where it does.
    group : {"claim", "global", "weight"}
    direction : int
        +1 when the mechanism is claimed to raise the state, -1 to lower it, 0 otherwise.
    sd : float
        Prior standard deviation on the knob's own working scale (log odds for claims), used for bounds and presets.
    """

    key: str
    label: str
    unit: str
    low: float
    high: float
    step: float
    default: float
    paragraph: str
    reason: str
    group: Literal["claim", "global", "weight"]
    direction: int
    sd: float
    help: str

    def __post_init__(self) -> None:
        if not (self.step > 0 and self.low < self.high):
            raise AssumptionError(
                f"knob {self.key}: got bounds {self.low}..{self.high} step {self.step}, expected low < high"
            )
        for value in (self.low, self.high, self.default):
            self.check(value)

    def snap(self, value: float) -> float:
        """Nearest allowed value: clamped to the bounds, then rounded to the grid."""
        return self._grid(min(max(value, self.low), self.high))

    def check(self, value: float) -> float:
        """Return `value` on the grid, or raise `AssumptionError`."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise AssumptionError(
                f"knob {self.key}: got {value!r}, expected a finite number; give one in {self.range_text}"
            )
        if not self.low - GRID_TOLERANCE <= value <= self.high + GRID_TOLERANCE:
            raise AssumptionError(
                f"knob {self.key}: got {value:g}, expected {self.range_text}; move it inside the bounds"
            )
        if abs(self._grid(value) - value) > GRID_TOLERANCE:
            raise AssumptionError(f"knob {self.key}: got {value:g}, expected a multiple of {self.step:g}; round it")
        return self._grid(value)

    @property
    def range_text(self) -> str:
        """Bounds and step in words, for messages."""
        return f"{self.low:g} to {self.high:g} in steps of {self.step:g}"

    @property
    def decimals(self) -> int:
        """Decimal places that show the step exactly."""
        return max(0, -math.floor(math.log10(self.step) + 1e-9))

    def _grid(self, value: float) -> float:
        return round(round(value / self.step) * self.step, 10)


def log_odds_sd(odds_ratio: float, p_sign: float) -> float:
    """Prior sd of a log odds ratio whose sign is right with probability `p_sign`.

    ``sd = |log(odds_ratio)| / z(p_sign)``: a normal prior centred at the claimed effect then puts `p_sign` of its
    mass on the claimed side (the brief's 1.28, 0.84, 0.52 and 0.25 for 90, 80, 70 and 60 %).
    """
    return abs(math.log(odds_ratio)) / NormalDist().inv_cdf(p_sign)


def _claim_knob(claim: Claim) -> Knob:
    if claim.odds_ratio == 1 or claim.p_sign <= 0.5:
        raise AssumptionError(
            f"claim {claim.id}: got odds ratio {claim.odds_ratio:g} with a sign right at {claim.p_sign:.0%}, expected "
            "an effect and a sign likelier than not; correct it in data/claims.csv"
        )
    sd = log_odds_sd(claim.odds_ratio, claim.p_sign)
    centre = math.log(claim.odds_ratio)
    step = 0.05
    low, high = (round(math.exp(centre + side * 2 * sd) / step) * step for side in (-1, 1))
    history = claim.id == HISTORY_CLAIM
    unit = "odds multiplier of a sudden break" if history else "odds ratio per +1 sd of the driver"
    what = (
        "How many times likelier a sudden break is than for the average great-power treaty tie (1.4 % a year)."
        if history
        else "Odds of a higher state next year when the driver stands one standard deviation above its 1992-2020 mean, "
        "in the direction the essay claims. 1 means no effect; below 1 means the opposite of the claim."
    )
    return Knob(
        key=claim.id,
        label=claim.title,
        unit=unit,
        low=round(max(step, low), 10),
        high=round(high, 10),
        step=step,
        default=claim.odds_ratio,
        paragraph=claim.paragraph,
        reason=f"{claim.strength.capitalize()} claim: odds ratio {claim.odds_ratio:g}, and the claimed sign is taken "
        f"to be right with probability {claim.p_sign:.0%}. Bounds are two prior standard deviations either way.",
        group="claim",
        direction=claim.direction,
        sd=sd,
        help=f"{claim.text} {what}",
    )


def _baseline_knob(claim: Claim) -> Knob:
    return Knob(
        key=claim.id,
        label=claim.title,
        unit="latent points",
        low=-1.0,
        high=2.0,
        step=0.1,
        default=0.5,
        paragraph=claim.paragraph,
        reason="The claim gives no direction. 0.5 says that in the long run a recorded act is cooperative about 62 "
        "times in 100, near the share over the whole ledger.",
        group="claim",
        direction=claim.direction,
        sd=0.4,
        help=f"{claim.text} The level to which the relationship returns when nothing pushes it: at 0 a recorded act is "
        "as likely to be hostile as cooperative.",
    )


def _globals() -> tuple[Knob, ...]:
    def knob(key: str, label: str, unit: str, grid: tuple[float, float, float, float], texts: tuple[str, str]) -> Knob:
        low, high, step, default = grid
        weighs = any(key == one[0] for one in MODEL_WEIGHTS)
        return Knob(
            key=key,
            label=label,
            unit=unit,
            low=low,
            high=high,
            step=step,
            default=default,
            paragraph="",
            reason=texts[0],
            group="weight" if weighs else "global",
            direction=0,
            sd=0.0,
            help=texts[1],
        )

    return (
        knob(
            "confidence",
            "Doubt about every claim",
            "times the default prior width",
            (0.5, 2.0, 0.1, 1.0),
            (
                "1 keeps the width that the claimed sign probabilities imply.",
                "Multiplies the prior standard deviation of every claim: above 1 you trust the essay's numbers less.",
            ),
        ),
        knob(
            "driver_strength",
            "How much drivers matter at all",
            "factor g",
            (0.1, 1.4, 0.1, 0.4),
            (
                "0.4: before the record speaks, drivers then explain about a fifth of the alignment's swings. At 0.7 "
                "they would explain almost half, too bold for 34 years of indicators.",
                "Scales the effect of all measured drivers together. Near 0 the forecast rests on persistence alone.",
            ),
        ),
        knob(
            "persistence",
            "How long moods last",
            "share of the gap kept each year",
            (0.5, 0.9, 0.01, 0.73),
            (
                "Beta prior with mean 0.73 and eleven pseudo-years: half of a shock is gone after about two years.",
                "Share of the distance from the long-run level that is still there a year later.",
            ),
        ),
        knob(
            "volatility",
            "Size of yearly surprises",
            "latent points (median)",
            (0.3, 1.2, 0.05, 0.6),
            (
                "Log-normal prior with median 0.6: a typical yearly shock moves the odds of a cooperative act by "
                "a factor near two.",
                "Standard deviation of the shocks that nothing in the model explains.",
            ),
        ),
        knob(
            "rupture_hazard",
            "Base rate of rupture",
            "probability per calm year",
            (0.005, 0.1, 0.001, 0.024),
            (
                "Beta(1.5, 60), mean 2.4 %: between treaty ties of major powers (1.4 % a year) and civil space "
                "partnerships (1.8-3 %). This pair's own record is counted afterwards, as data.",
                "The outside-view model's chance that a calm year is followed by rupture, before this pair's record "
                "is counted.",
            ),
        ),
        knob(
            "stickiness",
            "How long regimes last",
            "chance that a regime lasts another year",
            (0.6, 0.95, 0.01, 0.8),
            (
                "Beta prior with mean 0.80 and ten pseudo-years: a regime lasts about five years unless the record "
                "says otherwise.",
                "The hidden-regimes model's prior chance that a hostile, middle or friendly spell goes on for another "
                "year.",
            ),
        ),
        *(
            knob(
                key,
                f"Weight of {label}",
                "relative weight",
                (0.0, 1.0, 0.01, default),
                (
                    "0.25, 0.35, 0.25 and 0.15 between base rate, latent alignment, ordered regression and hidden "
                    "regimes: set before any was scored, kept until learned weights beat equal ones.",
                    f"How much the published mixture listens to {meaning}, relative to the other models. 0 switches "
                    "it off.",
                ),
            )
            for key, label, default, meaning in MODEL_WEIGHTS
        ),
    )


def knobs(claims: Iterable[Claim]) -> Mapping[str, Knob]:
    """All knobs in page order: the essay's claims, then the global ones."""
    from_claims = (_baseline_knob(claim) if claim.id == BASELINE_CLAIM else _claim_knob(claim) for claim in claims)
    return MappingProxyType({prior.key: prior for prior in (*from_claims, *_globals())})


def acts_on_alignment(knob: Knob) -> bool:
    """Whether a knob changes the posterior of latent alignment; the rest belong to other models or to the mixture."""
    return knob.group != "weight" and knob.key not in ("rupture_hazard", "stickiness")
