"""Where the project's own fits lie: one folder a reference date, so that a newer date never takes an older one's place.

A folder holds the base case of M1, the fits of M2 and M3 and the library, all on one evidence.
"""

from contextlib import suppress
from datetime import date
from pathlib import Path

FITS = Path(__file__).parent / "dates"


def dated(as_of: date) -> Path:
    """Folder of the fits as of a day; it need not exist."""
    return FITS / as_of.isoformat()


def fitted_dates() -> tuple[date, ...]:
    """Reference dates that the project has fits for, oldest first."""
    days = []
    for path in FITS.glob("*"):
        with suppress(ValueError):
            days.append(date.fromisoformat(path.name))
    return tuple(sorted(days))
