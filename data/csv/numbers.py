"""Numbers as people and programs write them, read strictly."""

import math
import re

_WRITTEN = re.compile(r"[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,3})?", re.ASCII)


def finite_number(raw: object) -> float | None:
    """Read a finite number; None for anything else.

    Python's own reader would also take ``1_0``, Arabic digits, ``nan`` and ``1e999``.
    """
    if isinstance(raw, bool) or (isinstance(raw, str) and not _WRITTEN.fullmatch(raw.strip())):
        return None
    try:
        value = float(raw)
    except (TypeError, ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None
