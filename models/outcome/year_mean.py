"""The second question about a year: its own mean under the rule, and whether it is worse or better than before.

The state is slow, since four fifths of the next one stand in the books. A year's own mean is all news.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from data.types import Event
from data.values import frozen
from models.errors import OutcomeError
from models.names import YEAR_WORDS
from models.outcome.rule import RULE, OutcomeRule, tone, yearly_readings


@frozen
class YearMean:
    """The answer for one year asked about at one origin.

    Attributes
    ----------
    year, origin : int
        The year asked about, and the year-end at which it was asked.
    mean : float or None
        Weighted mean intensity of the year's own acts, -10 to 10; None without an act that weighs anything.
    tone : float or None
        Tone at the origin; None where nothing weighs within the rule's memory.
    word : str or None
        One of `YEAR_WORDS`; None where the mean or the tone is.
    reason : str
        One sentence for the reader.
    """

    year: int
    origin: int
    mean: float | None
    tone: float | None
    word: str | None
    reason: str

    @property
    def difference(self) -> float | None:
        """Mean of the year less the tone at the origin."""
        return None if self.word is None else self.mean - self.tone


def require_words(rule: OutcomeRule) -> tuple[float, float]:
    """The two cuts between a rule's three words.

    Raises
    ------
    OutcomeError
        The rule has none.
    """
    if len(rule.word_cuts) != len(YEAR_WORDS) - 1:
        raise OutcomeError(
            f"got {rule.version}, which has no cuts between {', '.join(YEAR_WORDS)}; expected a rule that has two; "
            "ask about a year's own mean under a later rule"
        )
    return rule.word_cuts


def word_codes(differences: np.ndarray, rule: OutcomeRule = RULE) -> np.ndarray:
    """Sort differences into the three words.

    Parameters
    ----------
    differences : ndarray, any shape
        Year's own mean less the tone at the origin; NaN without one of the two.

    Returns
    -------
    ndarray of int, same shape
        0 worse, 1 about as before, 2 better, a difference on a cut being about as before; -1 where annulled.

    Raises
    ------
    OutcomeError
        The rule has no cuts between words.
    """
    low, high = require_words(rule)
    codes = 1 - (differences < low).astype(int) + (differences > high)
    return np.where(np.isnan(differences), -1, codes)


def tone_at(events: Iterable[Event], origin: int, rule: OutcomeRule = RULE) -> float:
    """Tone at one year-end, NaN where nothing weighs within the rule's memory."""
    means, _ = yearly_readings(events, origin - rule.memory_years + 1, origin, rule)
    return float(tone(means, rule))


def resolve_year_mean(events: Iterable[Event], year: int, origin: int, rule: OutcomeRule = RULE) -> YearMean:
    """Answer for one year from a ledger.

    Raises
    ------
    OutcomeError
        The rule has no cuts between words, or the year does not come after the origin.
    """
    if year <= origin:
        raise OutcomeError(f"got the year {year} asked about at the end of {origin}; expected a later year")
    ledger = tuple(events)
    means, _ = yearly_readings(ledger, year, year, rule)
    mean, before = float(means[0]), tone_at(ledger, origin, rule)
    code = int(word_codes(np.array(mean - before), rule))
    word = None if code < 0 else YEAR_WORDS[code]
    reason = _reason(year, origin, (mean, before), rule)
    return YearMean(year=year, origin=origin, mean=_known(mean), tone=_known(before), word=word, reason=reason)


def past_differences(
    events: Iterable[Event], origins: Iterable[int], horizon: int = 1, rule: OutcomeRule = RULE
) -> np.ndarray:
    """How far years lay from the tone some years before, shape (origin,); NaN where one of the two is missing."""
    ledger, asked = tuple(events), tuple(origins)
    first = min(asked) - rule.memory_years + 1
    means, _ = yearly_readings(ledger, first, max(asked) + horizon, rule)
    at = np.array(asked) - first
    windows = np.lib.stride_tricks.sliding_window_view(means, rule.memory_years)
    return means[at + horizon] - tone(windows[at - rule.memory_years + 1], rule)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _reason(year: int, origin: int, values: tuple[float, float], rule: OutcomeRule) -> str:
    mean, before = values
    if np.isnan(mean):
        return f"Annulled: no act of {year} was recorded that weighs anything."
    if np.isnan(before):
        return f"Annulled: nothing was recorded within {rule.memory_years} years to the end of {origin}."
    low, high = require_words(rule)
    apart = f"{mean - before:+.2f} from the tone of {before:+.2f} at the end of {origin}"
    return f"The acts of {year} average {mean:+.2f}, {apart}: worse is below {low:+g}, better above {high:+g}."
