"""A query read strictly: the parameters of a page's link mean here what they mean there, and nothing is guessed.

The page repairs what it can and says so to a person, who sees it. A program would not: here the same sentences are the
reasons of a refusal.
"""

from collections.abc import Collection, Mapping
from datetime import date
from http import HTTPStatus

from dashboard.api.calls import Call
from dashboard.api.problems import Refused
from dashboard.settings.conditions import NOTHING, Conditions, read_conditions
from dashboard.settings.link import (
    EDITION,
    FORMER,
    MAX_PARAMETERS,
    PRESENT_EDITION,
    View,
    read_link,
)
from data.days import horizons_from
from data.editions.edition import newest_edition
from data.load import load_evidence
from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.fits.dated import fitted_dates

USE_EDITION = (
    f"The query moves a knob and does not say of which edition it is; add {EDITION}={PRESENT_EDITION}, as every link "
    "of today's page does. (A link without it is of the time when the essay's reading was the default.)"
)


@frozen
class Asked:
    """What a query asks for.

    Attributes
    ----------
    assumptions : Assumptions
    evidence : Evidence
        As of the day that was asked for, or the newest.
    conditions : Conditions
        Pins and acts.
    year : int
        The year-end looked at.
    """

    assumptions: Assumptions
    evidence: Evidence
    conditions: Conditions
    year: int

    @property
    def horizon(self) -> int:
        """Years from the reference date's own to the year-end."""
        return self.year - self.evidence.as_of.year


def asked(call: Call, more: Collection[str] = (), *, pins: bool = False) -> Asked:
    """The setting of a query.

    Parameters
    ----------
    more : collection of str
        Parameters that are not a link's and are read elsewhere.
    pins : bool
        Whether pins and acts are answered here.

    Raises
    ------
    Refused
        Any part that cannot be taken as it stands.
    """
    query = {key: texts for key, texts in call.query.items() if key not in more}
    if len(query) > MAX_PARAMETERS:
        raise Refused(
            HTTPStatus.BAD_REQUEST, f"got {len(query)} parameters, expected at most {MAX_PARAMETERS}; leave some out"
        )
    newest = newest_edition().as_of
    assumptions, view, problems = read_link(query, load_evidence(newest).claims, newest)
    conditions, refused = read_conditions(query)
    if conditions and not pins:
        refused = (*refused, "Pins and acts are answered by signposts and snapshot.zip, not here; leave them out.")
    require(tuple(USE_EDITION if problem == FORMER else problem for problem in (*problems, *refused)))
    evidence = load_evidence(_day(view, newest))
    year = evidence.as_of.year + view.horizon(evidence.as_of)
    return Asked(assumptions=assumptions, evidence=evidence, conditions=conditions if pins else NOTHING, year=year)


def require(problems: tuple[str, ...]) -> None:
    """Refuse a query with problems.

    Raises
    ------
    Refused
    """
    if problems:
        raise Refused(
            HTTPStatus.BAD_REQUEST,
            f"got a query with {len(problems)} parts that cannot be taken as they stand, expected none; nothing was "
            "answered: correct each of `problems`, which say what the page would have made of it",
            problems,
        )


def only(call: Call, allowed: Collection[str]) -> Mapping[str, str]:
    """The parameters of an address that takes no setting, each said once.

    Raises
    ------
    Refused
    """
    problems = [f"“{key[:40]}” is not asked here; leave it out." for key in call.query if key not in allowed]
    problems += [
        f"“{key[:40]}” stands {len(texts)} times in the query; give it once."
        for key, texts in call.query.items()
        if len(texts) > 1
    ]
    require(tuple(problems))
    return {key: texts[0] for key, texts in call.query.items()}


def one_of(name: str, text: str, allowed: Collection[str]) -> str:
    """A text that is one of a few.

    Raises
    ------
    Refused
    """
    if text not in allowed:
        require((f"{name}: got “{text[:40]}”, expected one of {', '.join(allowed)}; correct it.",))
    return text


def whole(name: str, text: str, least: int, most: int) -> int:
    """A whole number within bounds.

    Raises
    ------
    Refused
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and least <= int(text) <= most):
        require((f"{name}: got “{text[:40]}”, expected a whole number from {least} to {most}; correct it.",))
    return int(text)


def years(evidence: Evidence) -> tuple[int, ...]:
    """Year-ends that a forecast on an evidence speaks of."""
    return tuple(evidence.as_of.year + ahead for ahead in horizons_from(evidence.as_of))


def _day(view: View, newest: date) -> date:
    day = view.as_of or newest
    if day not in fitted_dates():
        listed = ", ".join(map(str, fitted_dates()))
        raise Refused(
            HTTPStatus.NOT_FOUND,
            f"got as_of={day}, expected a day that the models were fitted for: {listed}; fit that day with "
            f"`python -m models library fit --as-of {day}`",
        )
    return day
