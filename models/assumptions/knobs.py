"""The knobs: one `Knob` for every assumption a person can move, generated from the essay's claims.

A claim's knob is the odds ratio of a higher relationship state next year for +1 sd of the claim's driver, **in the
direction the essay claims**: 1.0 says that the mechanism does nothing, below 1.0 that it works the other way.
"""

import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from statistics import NormalDist
from types import MappingProxyType
from typing import Literal

from data.csv.rows import Row, collect, read_rows, require_unique
from data.receipts import split_list
from data.types import Claim
from data.values import frozen
from models.errors import AssumptionError
from models.names import MEMBERS, MODEL_M1, MODEL_M2

HISTORY_CLAIM = "C13"
BASELINE_CLAIM = "C14"
BASELINE_LABEL = "The essay’s overall lean"
"""Its claim gives no direction, and its title (“Matters, but not to be exaggerated”) names no quantity."""
GRID_TOLERANCE = 1e-6
FOLDER, GLOBAL_KNOBS = Path(__file__).parent, "global_knobs.csv"
GLOBAL_KNOBS_1 = "global_knobs_1.csv"
"""As they stood under `rule-1`: snapshots of then are read with their own bounds and defaults."""
COLUMNS = ("key", "label", "unit", "low", "high", "step", "default", "group", "acts_on", "reason", "help")
CLAIM_MODELS = (MODEL_M1, MODEL_M2)
"""The models that the essay's claims act on: the other two know none."""


type Knobs = Mapping[str, Knob]
"""Knobs by their keys, in page order."""


@frozen
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
        Standard deviation of the fit's prior on the knob's working scale (log odds for claims) while `confidence` is 1;
        0 for knobs that no claim stands behind. A claim's bounds and presets are measured in it.
    acts_on : tuple of str
        Ids of the models whose own answer it moves; none for the weights, which act on the mixture alone.
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
    acts_on: tuple[str, ...]

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
        acts_on=CLAIM_MODELS,
        help=f"{claim.text} {what}",
    )


def _baseline_knob(claim: Claim) -> Knob:
    return Knob(
        key=claim.id,
        label=BASELINE_LABEL,
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
        acts_on=CLAIM_MODELS,
        help=f"{claim.text} The level to which the relationship returns when nothing pushes it: at 0 a recorded act is "
        "as likely to be hostile as cooperative.",
    )


@cache
def global_knobs(file: str = GLOBAL_KNOBS) -> tuple[Knob, ...]:
    """The knobs that stand behind no claim, as the file lists them, the models' weights last.

    Raises
    ------
    EvidenceError
        A cell that cannot be read, with its row and column.
    """
    rows = read_rows(FOLDER, file, COLUMNS)
    require_unique(rows, "key")
    return tuple(collect(rows, _global_knob))


def _global_knob(row: Row) -> Knob | None:
    values: dict[str, object] = {name: row.text(name) for name in ("key", "label", "unit", "group", "reason", "help")}
    values |= {name: row.number_in(name) for name in ("low", "high", "step", "default")}
    values["acts_on"] = models = split_list(row.text("acts_on"), ";")
    for column, got, allowed in (("group", (values["group"],), ("global", "weight")), ("acts_on", models, MEMBERS)):
        if odd := set(got) - set(allowed):
            row.complain(column, f"got {min(odd)!r}, expected {' or '.join(allowed)}")
    return row.build(Knob, {**values, "paragraph": "", "direction": 0, "sd": 0.0})


def knobs(claims: Iterable[Claim], file: str = GLOBAL_KNOBS) -> Knobs:
    """All knobs in page order: the essay's claims, then the global ones."""
    from_claims = (_baseline_knob(claim) if claim.id == BASELINE_CLAIM else _claim_knob(claim) for claim in claims)
    return MappingProxyType({knob.key: knob for knob in (*from_claims, *global_knobs(file))})


def knobs_of(model_id: str, available: Knobs) -> tuple[str, ...]:
    """Keys of the knobs that move a model's own answer, in page order."""
    return tuple(key for key, knob in available.items() if model_id in knob.acts_on)
