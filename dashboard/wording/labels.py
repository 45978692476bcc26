"""Names on the page for what the code calls by a key, and dates as people write them."""

from collections.abc import Mapping
from datetime import date

from models.names import (
    MODEL_M0,
    MODEL_M1,
    MODEL_M2,
    MODEL_M3,
    MODEL_MIXTURE,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
    TARGET_YEAR_MEAN,
    TARGET_YEAR_WORD,
    Scenario,
)

STATE_LABELS: Mapping[str, str] = {
    Scenario.RUPTURE.value: "Rupture",
    Scenario.STRAIN.value: "Strain",
    Scenario.TRANSACTIONAL.value: "Transactional status quo",
    Scenario.DEEPER.value: "Deeper cooperation",
}
STATE_SHORT: Mapping[str, str] = {
    Scenario.RUPTURE.value: "Rupture",
    Scenario.STRAIN.value: "Strain",
    Scenario.TRANSACTIONAL.value: "Transactional",
    Scenario.DEEPER.value: "Deeper",
}
STATE_PLAIN: Mapping[str, str] = {
    Scenario.RUPTURE.value: "a rupture",
    Scenario.STRAIN.value: "strain",
    Scenario.TRANSACTIONAL.value: "business as usual",
    Scenario.DEEPER.value: "deeper cooperation",
}
"""As somebody says it who tells it on; the state's own name stands beside it."""
STATE_MEANINGS: Mapping[str, str] = {
    Scenario.RUPTURE.value: (
        "Hostile acts dominate the last five years, or one act of this year broke a core commitment."
    ),
    Scenario.STRAIN.value: "Friction outweighs cooperation, short of a break.",
    Scenario.TRANSACTIONAL.value: (
        "Deals and friction side by side: cooperation where it pays, nothing binding beyond that."
    ),
    Scenario.DEEPER.value: "Treaties, transfers and joint programmes dominate the last five years.",
}
MODEL_LABELS: Mapping[str, str] = {
    MODEL_MIXTURE: "Published mixture",
    MODEL_M0: "Base rate (outside view)",
    MODEL_M1: "Latent alignment (drivers)",
    MODEL_M2: "Ordered regression (drivers)",
    MODEL_M3: "Hidden regimes (sharp turns)",
}
TARGET_LABELS: Mapping[str, str] = {
    TARGET_STATE: "In that state at the year-end",
    TARGET_RUPTURE: "At least one rupture year-end by then",
    TARGET_DEEPER: "At least one deeper-cooperation year-end by then",
    TARGET_YEAR_MEAN: "Mean intensity of that year’s own acts",
    TARGET_YEAR_WORD: "That year against the five-year tone",
}
YEAR_WORD_LABELS: Mapping[str, str] = {"worse": "Worse", "about_as_before": "About as before", "better": "Better"}
OUTCOME_LABELS: Mapping[str, str] = {**STATE_LABELS, **YEAR_WORD_LABELS, "yes": "yes", "no": "no"}
TARGET_EXPLANATION = (
    "Two different questions. “In that state at the year-end” looks at one day only. “At least one "
    "rupture year-end by then” counts every year-end on the way, so it can only grow with the "
    "horizon and is never the smaller of the two: a rupture in year two that has healed by year "
    "five counts in the second and not in the first. The same holds for deeper cooperation."
)
DOMAIN_LABELS: Mapping[str, str] = {
    "civil_space": "Civil space",
    "military_space": "Military space",
    "space_governance": "Space governance",
    "arms_technology": "Arms and technology",
    "security": "Security",
    "diplomacy": "Diplomacy",
    "economy": "Economy",
    "us_policy": "United States policy",
}
DIRECTION_LABELS: Mapping[str, str] = {
    "cooperation": "Cooperation",
    "conflict": "Conflict",
    "mixed": "Mixed",
    "context": "Context",
}
DIRECTION_MEANINGS: Mapping[str, str] = {
    "cooperation": "Towards cooperation",
    "conflict": "Towards conflict",
    "mixed": "Mixed",
    "context": "Context: a third party’s act, not counted",
}
ACTOR_LABELS: Mapping[str, str] = {
    "SUN": "Soviet Union",
    "RUS": "Russia",
    "CHN": "China",
    "USA": "United States",
    "both": "Both",
    "other": "Others",
}
EVENT_LABELS: Mapping[str, str] = {
    "E1950-02-14-alliance": "Alliance treaty",
    "E1957-10-15-new-defence-accord": "Missile aid",
    "E1960-07-16-advisers": "Aid stopped",
    "E1967-01-25-embassy-siege": "Embassy siege",
    "E1969-03-02-zhenbao": "Border fighting",
    "E1979-04-03-treaty-denounced": "Treaty denounced",
    "E1989-05-16-normalisation": "Normalisation",
    "E1995-01-01-soyuz-deal": "Soyuz deal",
    "E1996-04-25-manned-agreement": "Crewed flight accord",
    "E2001-07-16-treaty": "Friendship treaty",
    "E2004-10-14-border-final": "Border settled",
    "E2019-10-03-early-warning": "Missile warning",
    "E2022-02-04-no-limits": "“No limits”",
    "E2022-11-25-ilrs-iga": "Lunar station treaty",
}
"""Two or three words for the acts that the alignment chart names; any other act is named by its id."""
_ACRONYMS = {
    "ilrs",
    "gnss",
    "iga",
    "mou",
    "ppwt",
    "asat",
    "isro",
    "jinr",
    "un",
    "us",
    "s400",
    "su27",
    "su35",
    "blits",
    "ft",
    "unsc",
    "wmd",
}


def event_label(event_id: str) -> str:
    """Two or three words for an act, from the list above or from its id."""
    if event_id in EVENT_LABELS:
        return EVENT_LABELS[event_id]
    words = [part for part in event_id.split("-") if not part.lstrip("E").isdigit()]
    named = [word.upper() if word in _ACRONYMS else word for word in words]
    text = " ".join(named)
    return text[:1].upper() + text[1:]


def date_text(day: date | str) -> str:
    """A date as in “31 December 2027”; ISO text is read."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.day} {day:%B} {day.year}"


def event_date_text(day: date, precision: str) -> str:
    """A ledger date no finer than it is known: a day, a month or a year."""
    return {"year": f"{day.year}", "month": f"{day:%B} {day.year}"}.get(precision, date_text(day))


def years_ahead(horizon: int) -> str:
    """“1 year ahead”, “5 years ahead”."""
    return f"{horizon} year{'' if horizon == 1 else 's'} ahead"


def joined(parts: list[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def years_text(years: list[int]) -> str:
    """Years with runs joined: “1959, 1969–1970 and 2022”."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return joined([str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs])
