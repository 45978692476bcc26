"""Was a library held against refits? Its green badges rest on that, and wait for it.

A badge says how far re-weighted draws can be trusted. It follows from weights and Monte Carlo errors, and was itself
tested on one library (`models.engine_study`). A library on other evidence is new: until a few settings were fitted
again from scratch and agreed with it, nothing that it says is called better than fair.
"""

from collections.abc import Mapping
from pathlib import Path

from data.digest import Fields
from data.values import frozen, settle
from models.errors import StaleFitError
from models.storage.strict_json import json_text, read_strict_json

CHECKED = "checked.json"
"""Beside ``library.json``."""
LARGEST_ERROR = 1.5
"""Points that a green setting may be off, as in the study of the engine."""
UNCHECKED = "not yet checked on this evidence"
MISSED = "held against refits on this evidence, and off by more than it may"
MAX_BYTES = 2**16


@frozen
class HeldSetting:
    """One setting that was fitted again.

    Attributes
    ----------
    name, changed : str
        "single 1", and what it moves to which values.
    status : str
        What the library's badge said of it, before anything was held against a refit.
    error : float
        Largest difference of a probability from the refit's, in points, without the refit's own Monte Carlo error.
    """

    name: str
    changed: str
    status: str
    error: float


@frozen
class LibraryCheck:
    """What came of holding a library against refits.

    Attributes
    ----------
    library : str
        Key of the library.
    made : str
        Day, such as 2026-11-28.
    seed : int
        Of the settings.
    settings : tuple of HeldSetting
    """

    library: str
    made: str
    seed: int
    settings: tuple[HeldSetting, ...]

    def __post_init__(self) -> None:
        settle(self, settings=tuple(self.settings))

    @property
    def green(self) -> tuple[HeldSetting, ...]:
        """The settings that the badge vouched for."""
        return tuple(one for one in self.settings if one.status in ("good", "exact"))

    @property
    def passed(self) -> bool:
        """Whether the badge vouched for a setting at all, and for none that is off by more than it may."""
        return bool(self.green) and max(one.error for one in self.green) <= LARGEST_ERROR

    @property
    def sentence(self) -> str:
        """The result for a reader."""
        if not self.green:
            return f"none of {len(self.settings)} settings that were fitted again had a green badge"
        worst = max(one.error for one in self.green)
        return (
            f"{len(self.settings)} settings fitted again, {len(self.green)} of them green: off by at most {worst:.1f} "
            f"points, expected at most {LARGEST_ERROR:g}"
        )

    @property
    def document(self) -> Fields:
        """As it is stored; ``passed`` is for readers, and worked out anew from the settings."""
        names = HeldSetting.__slots__
        settings = [{name: getattr(one, name) for name in names} for one in self.settings]
        fields = {"library": self.library, "made": self.made, "seed": self.seed, "settings": settings}
        return fields | {"passed": self.passed}


def check_text(check: LibraryCheck) -> bytes:
    """The content of ``checked.json``."""
    return json_text(check.document)


def read_check(folder: Path, library_key: str) -> LibraryCheck | None:
    """The check of a library that lies in a folder; None where there is none, or of another library.

    Raises
    ------
    StaleFitError
        The file is damaged.
    """
    path = folder / CHECKED
    if not path.is_file():
        return None
    try:
        check = _read(read_strict_json(path.read_bytes()[: MAX_BYTES + 1], CHECKED))
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise StaleFitError(f"{CHECKED} is damaged ({error}); run `python -m models library check`") from error
    return check if check.library == library_key else None


def why_not_green(check: LibraryCheck | None) -> str:
    """Why a library's answers are called fair at best; empty when they may be called good."""
    return UNCHECKED if check is None else "" if check.passed else MISSED


def _read(plain: Mapping) -> LibraryCheck:
    settings = tuple(HeldSetting(**{name: one[name] for name in HeldSetting.__slots__}) for one in plain["settings"])
    return LibraryCheck(library=plain["library"], made=plain["made"], seed=plain["seed"], settings=settings)
