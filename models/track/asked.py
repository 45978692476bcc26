"""Which questions saved forecasts asked, each under its own outcome rule, and the answers that the record holds."""

from collections.abc import Iterable, Mapping
from datetime import date

from models.outcome.rule import RULES
from models.record.entries import LIVE, SavedForecast
from models.record.entry_checks import BY_YEAR
from models.record.resolutions import Resolution, ResolutionDraft
from models.track.marks import mark

type QuestionKey = tuple[str, str, str]
"""Kind, subject, and for a year-end or a year's own mean the digest of the rule under which it was asked."""


def question_key(answer: ResolutionDraft) -> QuestionKey:
    """Which question an answer is of."""
    return answer.question, answer.subject, answer.rule if answer.question in BY_YEAR else ""


def asked(forecasts: Iterable[SavedForecast]) -> tuple[tuple[int, str], ...]:
    """Every year-end that a saved forecast speaks about, with the digest of the rule under which it was asked."""
    return tuple(sorted({(saved.reference_date.year + h, saved.rule) for saved in forecasts for h in saved.horizons}))


def asked_means(forecasts: Iterable[SavedForecast]) -> tuple[tuple[int, str], ...]:
    """The same of the years whose own mean a saved forecast speaks about: none of before 2026-11-28."""
    return asked(saved for saved in forecasts if saved.tone is not None)


def asked_under(rule: str) -> str:
    """Name of a rule by its digest, or how its digest begins."""
    return next((known.version for known in RULES if known.digest == rule), f"the rule {rule[:12]}")


def by_question(resolutions: Iterable[Resolution]) -> Mapping[QuestionKey, tuple[Resolution, ...]]:
    """Every resolution of each question, newest first. A year-end asked under two rules is two questions."""
    histories: dict[QuestionKey, tuple[Resolution, ...]] = {}
    for resolution in sorted(resolutions, key=lambda resolution: -resolution.sequence):
        key = question_key(resolution)
        histories[key] = (*histories.get(key, ()), resolution)
    return histories


def live_questions(forecasts: Iterable[SavedForecast]) -> frozenset[tuple[int, str]]:
    """Year-ends that a forecast saved before them speaks about, each with its rule's digest."""
    pairs = ((forecast, forecast.reference_date.year + h) for forecast in forecasts for h in forecast.horizons)
    return frozenset((year, one.rule) for one, year in pairs if mark(one, date(year, 12, 31)) == LIVE)


def live_signposts(forecasts: Iterable[SavedForecast]) -> frozenset[str]:
    """Ids of the signposts that a forecast gave a chance which was saved before the deadline."""
    said = (
        (saved, name, date.fromisoformat(one["deadline"]))
        for saved in forecasts
        for name, one in saved.signposts.items()
    )
    return frozenset(name for saved, name, deadline in said if mark(saved, deadline) == LIVE)
