"""What an outcome rule consists of: constants that weigh acts, cut the tone and tell a break act, and their digest."""

from dataclasses import asdict

import numpy as np

from data.digest import digest
from data.types import Event
from data.values import frozen

DYAD = frozenset({"SUN", "RUS", "CHN", "both"})
"""Both ends of an act must lie in it for the act to break anything."""
_LATER = frozenset({"severity_power", "break_types", "word_cuts"})
"""Constants that `rule-1` did not have."""


@frozen
class OutcomeRule:
    """The frozen constants of a rule (reasons in ``docs/decisions/0001-outcome-rule.md`` and ``0015-rule-2.md``).

    Attributes
    ----------
    memory_years : int
        Year-ends that count, the labelled one included.
    decay : float
        Weight of a year relative to the year after it.
    space_weight, other_weight : float
        Weight of one event inside its year, by domain.
    cuts : tuple of float
        Tone below the first is rupture, below the second strain, below the third transactional, else deeper
        cooperation.
    break_intensity : int
        A single act at or below it, between the two states, makes its year rupture whatever the tone (codebook: core
        commitment torn up with all personnel withdrawn, threat or use of force).
    severity_power : float
        An event's weight is also its absolute intensity to this power; 0 counts every event alike.
    break_types : tuple of str
        Acts of state, force or a formal end. Where any are named, a break act must be one of these or have a second
        source: one leaked paper cannot turn a year.
    word_cuts : tuple of float
        Year's mean less the tone at the reference date: below the first the year is *worse*, above the second *better*.
    """

    version: str
    memory_years: int = 5
    decay: float = 0.7
    space_weight: float = 1.0
    other_weight: float = 0.5
    cuts: tuple[float, float, float] = (-3.0, -0.5, 2.5)
    break_intensity: int = -8
    severity_power: float = 0.0
    break_types: tuple[str, ...] = ()
    word_cuts: tuple[float, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of every constant: two forecasts are comparable only under the same digest.

        What a rule does not use is left out, so that an older rule keeps its digest when later ones learn more.
        """
        return digest({name: value for name, value in asdict(self).items() if name not in _LATER or value})

    def weight(self, event: Event) -> float:
        """Weight of `event` inside its year."""
        return self.domain_weight(event.is_space) * self.severity(event.intensity)

    def domain_weight(self, is_space: bool) -> float:
        """Part of the weight that the domain gives."""
        return self.space_weight if is_space else self.other_weight

    def severity(self, intensity: np.ndarray | float) -> np.ndarray | float:
        """Part of the weight that the size of an act gives, in the shape of `intensity`."""
        return np.abs(intensity) ** self.severity_power if self.severity_power else np.ones_like(intensity, float)[()]

    def is_break(self, event: Event) -> bool:
        """Whether `event` alone makes its year rupture."""
        return event.intensity <= self.break_intensity and self.may_break(event)

    def may_break(self, event: Event) -> bool:
        """Whether an act of this kind, were it grave enough, would make its year rupture."""
        told = not self.break_types or event.event_type in self.break_types or event.second_source
        return told and {event.initiator, event.target} <= DYAD
