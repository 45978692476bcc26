"""Where this user's own results live: refits, the local library, unfinished builds."""

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "CONJUNCTION_HOME"


def home() -> Path:
    """``$CONJUNCTION_HOME``, or the platform's cache folder."""
    return Path(os.environ.get(HOME_VARIABLE) or platformdirs.user_cache_dir("conjunction"))
