"""How far weighted draws can be trusted, in four words."""

from enum import StrEnum


class Status(StrEnum):
    """A badge, the best first."""

    EXACT = "exact"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"

    @property
    def rank(self) -> int:
        """0 for the best. Statuses are text, which ``<`` would sort by the alphabet."""
        return tuple(Status).index(self)

    @property
    def sure(self) -> bool:
        """Whether the numbers may be used as they are."""
        return self in (Status.EXACT, Status.GOOD)

    @classmethod
    def worst(cls, *statuses: str) -> "Status":
        """The one that says most against a number; exact where there is none."""
        return max(map(cls, statuses), key=lambda status: status.rank, default=cls.EXACT)

    @classmethod
    def within(cls, value: float, good: float, fair: float) -> "Status":
        """Of a number that should be small: good up to one limit, fair up to another, else poor."""
        return cls.GOOD if value <= good else cls.FAIR if value <= fair else cls.POOR

    def allowing(self, error: float, good: float, fair: float) -> "Status":
        """The worse of this and of what a Monte Carlo error says; what is exact stays so."""
        return self if self is Status.EXACT else Status.worst(self, Status.within(error, good, fair))
