"""What a value is in this house: a dataclass that nobody can change once it is made, its fields given by name."""

from dataclasses import dataclass
from typing import Any, dataclass_transform


@dataclass_transform(frozen_default=True, kw_only_default=True)
def frozen(cls: type | None = None, /, *, eq: bool = True) -> Any:
    """Make a class a frozen dataclass with slots and with fields by keyword: `@frozen` or `@frozen(eq=False)`.

    Parameters
    ----------
    eq : bool
        False where fields are arrays, which cannot be compared as one: such a value equals nothing but itself.
    """
    return dataclass(cls, frozen=True, slots=True, kw_only=True, eq=eq)


def settle(value: object, /, **fields: object) -> None:
    """Set fields of a frozen value while it is made: what it was given in another form, or what follows from that."""
    for name, content in fields.items():
        object.__setattr__(value, name, content)
