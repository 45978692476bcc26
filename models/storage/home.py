"""Where this user's own results live: refits and unfinished builds, and what nobody could make again: the record."""

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "CONJUNCTION_HOME"


def is_own(path: Path) -> bool:
    """Whether a path lies where results go that nobody chose a place for, so that messages must say where that is."""
    return any(base in (path, *path.parents) for base in (home(), keep()))


def home() -> Path:
    """``$CONJUNCTION_HOME``, or the platform's cache folder."""
    return Path(os.environ.get(HOME_VARIABLE) or platformdirs.user_cache_dir("conjunction"))


def keep() -> Path:
    """``$CONJUNCTION_HOME``, or the platform's data folder: a cache folder may be emptied by anybody."""
    return Path(os.environ.get(HOME_VARIABLE) or platformdirs.user_data_dir("conjunction"))
