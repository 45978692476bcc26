"""What a person believes before seeing the evidence: one validated value for every knob."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Self

from data.csv.numbers import finite_number
from data.digest import Fields, digest
from data.types import Claim
from data.values import frozen, settle
from models.assumptions.knobs import Knob, Knobs, knobs
from models.assumptions.shares import WEIGHT_KNOBS, shares
from models.errors import AssumptionError

STRUCTURE_VERSION = "knobs-2"
MAX_REASON_LENGTH = 2_000


@frozen
class Assumptions:
    """A complete, validated setting of the knobs.

    Attributes
    ----------
    knobs : Mapping[str, Knob]
        The knobs this setting belongs to.
    values : Mapping[str, float]
        One value per knob, on the knob's grid. Missing keys take the default.
    reasons : Mapping[str, str]
        Why a knob was moved, in the person's words. Not part of the digest: it changes no number.

    Raises
    ------
    AssumptionError
        Unknown knob, a value that is out of bounds, off its step or not a finite number, or no model with a weight.
    """

    knobs: Knobs
    values: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in (*self.values, *self.reasons):
            if key not in self.knobs:
                raise AssumptionError(
                    f"got an unknown knob {key!r}, expected one of {', '.join(self.knobs)}; correct its name"
                )
        for key, reason in self.reasons.items():
            if not isinstance(reason, str) or len(reason) > MAX_REASON_LENGTH:
                raise AssumptionError(
                    f"knob {key}: the reason must be text of at most {MAX_REASON_LENGTH} characters; shorten it"
                )
        full = {key: knob.check(self.values.get(key, knob.default)) for key, knob in self.knobs.items()}
        shares(full)
        settle(self, values=MappingProxyType(full), reasons=MappingProxyType(dict(self.reasons)))

    @classmethod
    def defaults(cls, claims: Iterable[Claim]) -> Self:
        """The essay's reading: every knob at its default."""
        return cls(knobs=knobs(claims))

    @property
    def digest(self) -> str:
        """SHA-256 of the values and the knobs' structure version."""
        return digest({"structure": STRUCTURE_VERSION, "values": dict(self.values)})

    @property
    def changed(self) -> tuple[str, ...]:
        """Keys of the knobs that stand away from their default."""
        return tuple(key for key, knob in self.knobs.items() if self.values[key] != knob.default)

    @property
    def is_default(self) -> bool:
        """Whether every knob stands at its default."""
        return not self.changed

    def replace(self, values: Mapping[str, float], reasons: Mapping[str, str] | None = None) -> "Assumptions":
        """A new setting with some values (and reasons) replaced."""
        return Assumptions(
            knobs=self.knobs, values={**self.values, **values}, reasons={**self.reasons, **(reasons or {})}
        )


def read_assumptions(raw: Fields, claims: Iterable[Claim]) -> tuple[Assumptions, tuple[str, ...]]:
    """Read a setting from a link or an upload, repairing what can be repaired and saying so.

    Parameters
    ----------
    raw : Mapping[str, object]
        Knob keys with numbers or texts. Unknown keys are ignored and named.
    claims : iterable of Claim

    Returns
    -------
    Assumptions, tuple of str
        The setting, and one sentence for every value that could not be taken as it was.
    """
    available = knobs(claims)
    values: dict[str, float] = {}
    problems: list[str] = []
    for key, text in raw.items():
        if key not in available:
            problems.append(f"“{str(key)[:40]}” is not a knob here; it was ignored.")
            continue
        values[key], problem = _read_value(available[key], text)
        if problem:
            problems.append(problem)
    if all(values.get(key, available[key].default) == 0 for key in WEIGHT_KNOBS.values()):
        values = {key: value for key, value in values.items() if key not in WEIGHT_KNOBS.values()}
        problems.append("Every model was switched off; the default weights are used.")
    return Assumptions(knobs=available, values=values), tuple(problems)


def _read_value(knob: Knob, raw: object) -> tuple[float, str | None]:
    value = finite_number(raw)
    if value is None:
        shown = str(raw)[:40]
        return knob.default, f"{knob.label}: “{shown}” is not a number; the default {knob.default:g} is used."
    try:
        return knob.check(value), None
    except AssumptionError:
        snapped = knob.snap(value)
        return snapped, f"{knob.label}: {value:.10g} is not in {knob.range_text}; {snapped:g} is used."
