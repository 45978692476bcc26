"""Whether the forecast was shown to beat simple rules, said on every page in the same words."""

from dashboard.cache import checks as archive
from dashboard.cache import forecasts as cache
from dashboard.frame.page import plain
from dashboard.wording.first.trust import skill_sentence
from models.verdicts.sentences import primary_sentence
from models.verdicts.studies import BACKTEST


def skill() -> tuple[str, str | None]:
    """The sentence, by rule from the archived study, and the numbers behind it where there are any."""
    return cache.shared("skill", (cache.evidence().digest,), _skill)


def _skill() -> tuple[str, str | None]:
    study = archive.study(BACKTEST)
    comparisons = study.tables["comparisons"] if study.present else None
    details = None if comparisons is None else plain(primary_sentence(comparisons))
    return plain(skill_sentence(comparisons)), details
