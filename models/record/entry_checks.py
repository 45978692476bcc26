"""What an entry of the record may say: lengths, plain text, digests, chances. Checked when saved and when read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from data.vocabulary import INTENSITY_LIMIT
from models.errors import RecordError
from models.names import (
    MODELS,
    QUANTILE_LEVELS,
    STATES,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
    TARGET_YEAR_MEAN,
    TARGET_YEAR_WORD,
    TARGETS,
    YEAR_TARGETS,
    YEAR_WORDS,
)
from models.storage.strict_json import require_plain_text
from models.text.visible import require_visible

NAME_LETTERS = 120
"""A name or an author: one line of a table."""
NOTE_LETTERS = 4000
"""A note, a remark or a reason: a page of text."""
TARGET_LETTERS = 60
"""A year, a signpost's id or a ledger row's."""
SUM_TOLERANCE = 1e-9
"""As in a snapshot: far above what four numbers of ten decimals miss one by (2e-10), far below anything shown."""
STATE, SIGNPOST, YEAR_MEAN = "state", "signpost", "year_mean"
BY_YEAR = (STATE, YEAR_MEAN)
"""Questions about a year, each asked under an outcome rule."""
RESOLVED, ANNULLED, DISPUTED = "resolved", "annulled", "disputed"
SIGNPOST_CHANCES = ("chance", "expanding", "ten_years")
"""Of a recorded yes: as published, and by the two yardsticks that it is scored against."""
YES_NO = ("yes", "no")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class TextCheck(Protocol):
    """Refuses a text that must not stand in an entry, with a `RecordError`."""

    def __call__(self, what: str, text: str, longest: int, *, needed: bool = True, multiline: bool = False) -> None: ...


def require_typed(what: str, text: str, longest: int, *, needed: bool = True, multiline: bool = False) -> None:
    """Refuse what `require_text` does, and any letter that cannot be seen: of what a person writes now.

    Raises
    ------
    RecordError
    """
    if isinstance(text, str) and len(text) <= longest:
        require_visible(text, what, needed=needed, multiline=multiline)
    require_text(what, text, longest, needed=needed, multiline=multiline)


def require_text(what: str, text: str, longest: int, *, needed: bool = True, multiline: bool = False) -> None:
    """Refuse a text that is blank where one is needed, too long, or could be misread: of any entry, old ones included.

    Raises
    ------
    RecordError
    """
    if not isinstance(text, str):
        raise RecordError(f"{what}: got {type(text).__name__}, expected text")
    if needed and not text.strip():
        raise RecordError(f"{what}: got a blank text, expected some words; write them and save again")
    if len(text) > longest:
        raise RecordError(f"{what}: got {len(text)} letters, expected at most {longest}; shorten it")
    require_plain_text(text, what, multiline=multiline)


def require_one_of(what: str, got: str, allowed: Sequence[str]) -> None:
    """Refuse a word that is not on the list."""
    if got not in allowed:
        raise RecordError(f"{what}: got {str(got)[:TARGET_LETTERS]!r}, expected one of {', '.join(allowed)}")


def require_digests(what: str, *digests: str) -> None:
    """Refuse anything but SHA-256 sums in 64 small hexadecimal digits."""
    for digest in digests:
        if not (isinstance(digest, str) and _DIGEST.fullmatch(digest)):
            raise RecordError(f"{what}: got {str(digest)[:TARGET_LETTERS]!r}, expected 64 hexadecimal digits")


def require_moment(moment: datetime) -> None:
    """Refuse a time without its zone."""
    if moment.tzinfo is None:
        raise RecordError(f"saved_at: got {moment}, expected a time with its zone (UTC)")


def require_reasons(changed: Sequence[str], reasons: Mapping[str, str], check: TextCheck = require_text) -> None:
    """Every prior that was moved away from its default needs a reason; nothing is kept without one.

    Raises
    ------
    RecordError
        It names every prior that has none.
    """
    without = [key for key in changed if not reasons.get(key, "").strip()]
    if without:
        raise RecordError(
            f"got no reason for {', '.join(without)}, expected one for every assumption that was moved; "
            "say why in a sentence and save again"
        )
    for key, text in reasons.items():
        check(f"the reason for {key}", text, NOTE_LETTERS, multiline=True)


def require_published(published: Mapping[str, Mapping[str, tuple]], horizons: int) -> None:
    """Refuse published chances of another shape, outside 0 to 1, or of four states that don't sum to 1.

    Parameters
    ----------
    horizons : int
        How many the reference date has (`data.days.horizons_from`).

    Raises
    ------
    RecordError
    """
    for model, targets in published.items():
        require_one_of("published", model, MODELS)
        if set(targets) not in (set(TARGETS), {*TARGETS, *YEAR_TARGETS}):
            raise RecordError(f"published {model}: got the targets {sorted(targets)}, expected {sorted(TARGETS)}")
        for target, values in targets.items():
            if len(values) != horizons:
                expected = f"{horizons} from its reference date"
                raise RecordError(f"published {model} {target}: got {len(values)} horizons, expected {expected}")
        for chances in targets[TARGET_STATE]:
            _require_chances(model, chances)
            if len(chances) != len(STATES) or abs(sum(chances) - 1) > SUM_TOLERANCE:
                raise RecordError(f"published {model}: got {chances}, expected {len(STATES)} chances that sum to 1")
        _require_chances(model, (*targets[TARGET_RUPTURE], *targets[TARGET_DEEPER]))

        for chances in targets.get(TARGET_YEAR_WORD, ()):
            _require_chances(model, chances)
            if len(chances) != len(YEAR_WORDS) or abs(sum(chances) - 1) > SUM_TOLERANCE:
                raise RecordError(f"published {model}: got {chances}, expected {len(YEAR_WORDS)} chances that sum to 1")
        for quantiles in targets.get(TARGET_YEAR_MEAN, ()):
            if len(quantiles) != len(QUANTILE_LEVELS) or list(quantiles) != sorted(quantiles):
                raise RecordError(
                    f"published {model}: got {quantiles}, expected {len(QUANTILE_LEVELS)} quantiles that do not fall"
                )
            for quantile in quantiles:
                _require_intensity(f"published {model}", quantile)


def require_tone(tone: float | None, published: Mapping[str, Mapping[str, tuple]]) -> None:
    """Refuse a tone without anything said of the years' own means, or these without a tone."""
    if (tone is not None) != any(TARGET_YEAR_MEAN in targets for targets in published.values()):
        raise RecordError(f"tone: got {tone!r}, expected one where the years' own means are forecast")
    if tone is not None:
        _require_intensity("tone", tone)


SIGNPOST_FIELDS = frozenset({"digest", "deadline", *SIGNPOST_CHANCES})


def require_signposts(signposts: Mapping[str, Mapping[str, object]]) -> None:
    """Refuse what is said of signposts in another shape: each with a digest, a deadline and three chances."""
    for name, said in signposts.items():
        require_text("a signpost's id", name, TARGET_LETTERS)
        if said.keys() != SIGNPOST_FIELDS:
            raise RecordError(f"signpost {name}: got {sorted(said)[:9]}, expected {', '.join(sorted(SIGNPOST_FIELDS))}")
        require_digests(f"signpost {name}", said["digest"])
        try:
            date.fromisoformat(said["deadline"])
        except (TypeError, ValueError) as error:
            got = str(said["deadline"])[:TARGET_LETTERS]
            raise RecordError(f"signpost {name}: got the deadline {got!r}, expected a date") from error
        _require_chances(name, [said[chance] for chance in SIGNPOST_CHANCES])


def _require_intensity(what: str, value: float) -> None:
    if isinstance(value, bool) or not (isinstance(value, int | float) and abs(value) <= INTENSITY_LIMIT):
        raise RecordError(
            f"{what}: got {value!r}, expected a number from {-INTENSITY_LIMIT} to {INTENSITY_LIMIT}, as acts have"
        )


def _require_chances(model: str, chances: Sequence[float]) -> None:
    for chance in chances:
        if not (isinstance(chance, int | float) and 0 <= chance <= 1):
            raise RecordError(f"published {model}: got {chance!r}, expected a probability from 0 to 1")
