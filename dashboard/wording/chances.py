"""A probability in words: the ICD 203 term, a per cent, “N in 100”, a range; all from one rounding, so they agree."""

import math

from data.values import frozen

STEPS = (1, 2, 5, 10, 20, 50)
"""Grids in percentage points. Never finer than one: nobody can check a tenth of a point on some twenty forecasts."""
_SLACK = 1e-9
WORD_BANDS = ((5, "almost no chance"), (20, "very unlikely"), (45, "unlikely"))
"""Upper edges of ICD 203 below one half. An edge belongs to the more cautious word, the one nearer to even; the bands
above one half mirror them, so a chance and its opposite always carry opposite words."""
OPPOSITES = {"almost no chance": "almost certain", "very unlikely": "very likely", "unlikely": "likely"}
EVEN = "roughly even chance"
PERCENT_AXIS = "round(datum.value * 100) + ' %'"
"""Vega expression for axis labels, so that axes read like the text."""


@frozen
class Chance:
    """One probability, ready for the page.

    Attributes
    ----------
    word : str
        ICD 203 term of the number shown, not of the digits behind it.
    percent, in_100 : str
        “31 %”, “31 in 100”; “<1 %”, “fewer than 1 in 100” and “>99 %”, “more than 99 in 100” at the ends.
    range : str
        “21 % to 38 %”, empty without an interval.
    """

    word: str
    percent: str
    in_100: str
    range: str = ""

    @property
    def text(self) -> str:
        """Word, number and frequency in one phrase."""
        about = "" if self.in_100[0] in "fm" else "about "
        return f"{self.word}, {self.percent}, {about}{self.in_100}"


def rounding_step(mcse: float) -> int:
    """Smallest grid, in percentage points, whose half-width is at least the Monte Carlo standard error.

    Rounding to it throws away no more than the simulation could not know anyway: 0.004 gives whole per cents, 0.02
    gives steps of five.
    """
    if not (math.isfinite(mcse) and mcse >= 0):
        raise ValueError(f"got a Monte Carlo error of {mcse!r}, expected a finite number of 0 or more; check the table")
    return next((step for step in STEPS if step >= 200 * mcse - _SLACK), STEPS[-1])


def chance(p: float, mcse: float = 0.0, interval: tuple[float, float] | None = None) -> Chance:
    """Put a probability into words.

    Parameters
    ----------
    p : float
        0 to 1.
    mcse : float
        Monte Carlo standard error of `p`; 0 for an exact number.
    interval : (float, float), optional
        Range of the probability over the posterior.

    Raises
    ------
    ValueError
        A number that is not a probability.
    """
    step = rounding_step(mcse)
    shown, side = _shown(p, step)
    return Chance(
        word=_word(shown),
        percent=_percent(shown, side, step),
        in_100=_in_100(side, shown, step),
        range="" if interval is None else interval_text(*interval, mcse),
    )


def percent(p: float, mcse: float = 0.0) -> str:
    """“31 %”, “<1 %” or “>99 %”."""
    return chance(p, mcse).percent


def interval_text(low: float, high: float, mcse: float = 0.0) -> str:
    """“21 % to 38 %”, on the grid of the number it belongs to."""
    if low > high + _SLACK:
        raise ValueError(f"got a range from {low} to {high}, expected the smaller number first; swap them")
    first, last = percent(low, mcse), percent(high, mcse)
    return (
        f"about {first}" if first == last and first[0] not in "<>" else first if first == last else f"{first} to {last}"
    )


def points(difference: float, mcse: float = 0.0) -> str:
    """A difference of two probabilities in percentage points, with its sign: “+7 points”.

    `mcse` is the larger error of the two; the grid follows it as for a single number.
    """
    step = rounding_step(mcse)
    shown = math.floor(abs(difference) * 100 / step + 0.5 + _SLACK) * step
    if shown == 0:
        return f"less than {step} point{'' if step == 1 else 's'}"
    return f"{'+' if difference > 0 else '−'}{shown} point{'' if shown == 1 else 's'}"


def doubt_sentence(mcse: float) -> str:
    """What the largest Monte Carlo error of a forecast means for reading its numbers."""
    if mcse == 0:
        return "Exact: no simulation error."
    spread = 196 * mcse  # 1.96 standard errors, in percentage points
    size = "less than 0.1" if spread < 0.1 else f"at most about {spread:.1f}"
    return (
        f"Simulating again would move the shakiest number of this forecast by {size} percentage points, 19 times in "
        "20. Each number is rounded to suit its own error."
    )


def _shown(p: float, step: int) -> tuple[float, str]:
    """The number shown, in per cent, and the end of the scale it falls off, if any."""
    if not (math.isfinite(p) and -_SLACK <= p <= 1 + _SLACK):
        raise ValueError(f"got a probability of {p!r}, expected a number from 0 to 1; check the table")
    rounded = math.floor(100 * p / step + 0.5 + _SLACK) * step
    if rounded < step:
        return step / 2, "low"
    if rounded > 100 - step:
        return 100 - step / 2, "high"
    return rounded, ""


def _percent(shown: float, side: str, step: int) -> str:
    return {"low": f"<{step} %", "high": f">{100 - step} %"}.get(side, f"{shown:g} %")


def _in_100(side: str, shown: float, step: int) -> str:
    ends = {"low": f"fewer than {step} in 100", "high": f"more than {100 - step} in 100"}
    return ends.get(side, f"{shown:g} in 100")


def _word(shown: float) -> str:
    below = min(shown, 100 - shown)
    word = next((word for edge, word in WORD_BANDS if below < edge), EVEN)
    return word if shown < 50 else OPPOSITES.get(word, EVEN)
