"""Where this user's own results live: refits and unfinished builds, and what nobody could make again: the record."""

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "CONJUNCTION_HOME"


def home() -> Path:
    """``$CONJUNCTION_HOME``, or the platform's cache folder."""
    return Path(os.environ.get(HOME_VARIABLE) or platformdirs.user_cache_dir("conjunction"))


def keep() -> Path:
    """``$CONJUNCTION_HOME``, or the platform's data folder: a cache folder may be emptied by anybody."""
    return Path(os.environ.get(HOME_VARIABLE) or platformdirs.user_data_dir("conjunction"))
