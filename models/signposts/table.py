"""One table of the open signposts for everybody: the page, the command line, JSON and CSV show these numbers."""

from collections.abc import Sequence
from datetime import date
from typing import Self

import numpy as np
import pandas as pd

from data.days import year_end
from data.digest import Fields
from data.types import Evidence
from data.values import frozen
from models.errors import AssumptionError
from models.fits.probabilities import OUTCOMES
from models.forecast.results import Forecast
from models.names import MODEL_MIXTURE, PMF, STATES, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE
from models.outcome.signposts import SignpostResolution
from models.rounding import PUBLISHED
from models.signposts.ask import Question
from models.signposts.pins import Act, Pin
from models.signposts.published import PublishedSignposts, SignpostAnswer
from models.signposts.ranges import YesCount, chance_of_any_yes
from models.signposts.value import Values, values

USUAL_PLACE = 2
"""Of the year-end that values are about unless another is asked for: the third ahead, as in the headline."""
COLUMNS = (
    *("id", "question", "deadline", "side", "mechanism", "toward", "chance", "low", "high", "any_yes", "given"),
    *(f"{answer}_{state}" for answer in ("yes", "no") for state in STATES),
    *("pull", "value", "expanding", "ten_years"),
)
"""Of the table: what each is stands in docs/schema.md. Empty where there is nothing to say."""
STATE_COLUMNS = ("target_end_date", "outcome", "before", "given")


@frozen(eq=False)
class SignpostTable:
    """The open signposts under one setting, and what follows from pins and acts.

    Attributes
    ----------
    reference_date : date
    year : int
        Year-end that the states after yes and no, pull and value are about.
    published : PublishedSignposts
        The chances, without pins.
    answer : SignpostAnswer
        What was asked; without pins and acts the published forecast itself.
    table : DataFrame
        `COLUMNS`, a row for each open signpost in the order of the list, every number rounded.
    states : DataFrame
        `STATE_COLUMNS`: each outcome at each year-end as published, and given the answer.
    settled : tuple of SignpostResolution
        Signposts that have no chance: answered by the record so far, or past their day.
    """

    reference_date: date
    year: int
    published: PublishedSignposts
    answer: SignpostAnswer
    table: pd.DataFrame
    states: pd.DataFrame
    settled: tuple[SignpostResolution, ...]

    @classmethod
    def of(
        cls,
        question: Question,
        evidence: Evidence,
        asking: tuple[Sequence[Pin], Sequence[Act]] = ((), ()),
        year: int | None = None,
    ) -> Self:
        """Ask everything.

        Parameters
        ----------
        evidence : Evidence
            That the board was made on.
        asking : (pins, acts)
        year : int, optional
            A simulated year-end; the third one ahead.

        Raises
        ------
        AssumptionError
            Pins or acts that cannot be asked, or a year that is not simulated.
        """
        board = question.board
        horizon = USUAL_PLACE if year is None else _horizon(board.coming.years, year)
        published = PublishedSignposts.of(question, evidence, (asking,))
        answer = published.answers[0]
        worth = None if answer.too_rare else values(question, horizon, tuple(asking[0]))
        open_ids = {signpost.id for signpost in board.open}
        return cls(
            reference_date=question.forecast.reference_date,
            year=board.coming.years[horizon],
            published=published,
            answer=answer,
            table=_table(question, published, answer, worth),
            states=_states(question.forecast, answer),
            settled=tuple(one for one in board.answers if one.signpost.id not in open_ids),
        )

    @property
    def expected(self) -> YesCount:
        """How many of the open signposts will be answered yes, without pins."""
        return self.published.expected

    @property
    def document(self) -> Fields:
        """All of it as JSON values; the numbers are those of `table` and `states`."""
        answer, expected = self.answer, self.expected
        return {
            "reference_date": self.reference_date.isoformat(),
            "year": self.year,
            "structure": self.published.structure_version,
            "list": self.published.list,
            "hearing": self.published.hearing,
            "expected": {"mean": expected.mean, "low": expected.low, "high": expected.high, "of": expected.of},
            "asked": {
                "kind": answer.kind,
                "pins": list(answer.pins),
                "acts": list(answer.acts),
                "chance": answer.chance,
                "status": answer.status,
                "borrowed": answer.borrowed,
                "too_rare": answer.too_rare,
            },
            "signposts": _records(self.table),
            "states": _records(self.states),
            "settled": [
                {"id": one.signpost.id, "question": one.signpost.question, "status": one.status, "note": one.note}
                for one in self.settled
            ],
        }


def _horizon(years: tuple[int, ...], year: int) -> int:
    if year not in years:
        raise AssumptionError(f"got the year {year}, expected one from {years[0]} to {years[-1]}; choose another")
    return years.index(year)


def _table(
    question: Question, published: PublishedSignposts, answer: SignpostAnswer, worth: Values | None
) -> pd.DataFrame:
    rows = []
    for index, (signpost, said) in enumerate(zip(question.board.open, published.chances, strict=True)):
        row = {
            "id": signpost.id,
            "question": signpost.question,
            "deadline": signpost.deadline.isoformat(),
            "side": signpost.family,
            "mechanism": signpost.mechanism,
            "toward": signpost.toward,
            "chance": said.chance,
            "low": said.low,
            "high": said.high,
            "any_yes": round(chance_of_any_yes(said.chance, signpost), PUBLISHED.decimals),
            "given": answer.signposts.get(signpost.id),
            "expanding": said.expanding,
            "ten_years": said.ten_years,
        }
        rows.append(row | ({} if worth is None else _worth(worth, index)))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype(dict.fromkeys(COLUMNS[COLUMNS.index("chance") :], float))


def _worth(worth: Values, index: int) -> Fields:
    """States after either answer; of the larger difference between them the pull, and the value."""
    yes, no = (PUBLISHED.chances(states[index]) for states in (worth.yes, worth.no))
    return {
        **{f"yes_{state}": float(p) for state, p in zip(STATES, yes, strict=True)},
        **{f"no_{state}": float(p) for state, p in zip(STATES, no, strict=True)},
        "pull": round(float(np.abs(yes - no).sum()) / 2, PUBLISHED.decimals),
        "value": round(float(worth.value[index]), PUBLISHED.decimals),
    }


def _states(forecast: Forecast, answer: SignpostAnswer) -> pd.DataFrame:
    """Outcomes as published and given the answer; without pins and acts these are the same numbers."""
    names = [(TARGET_STATE, state) for state in STATES] + [(TARGET_RUPTURE, "yes"), (TARGET_DEEPER, "yes")]
    plain, rows = not (answer.pins or answer.acts), []
    said = forecast.table[(forecast.table["model_id"] == MODEL_MIXTURE) & (forecast.table["output_type"] == PMF)]
    keys = zip(said["target"], said["horizon"], said["output_type_id"], strict=True)
    chances = dict(zip(keys, said["value"], strict=True))
    for at, horizon in enumerate(forecast.horizons):
        for place, ((target, identifier), outcome) in enumerate(zip(names, OUTCOMES, strict=True)):
            before = float(chances[target, horizon, identifier])
            given = before if plain else answer.outcomes[at][place] if answer.outcomes else None
            end = year_end(forecast.reference_date, horizon).isoformat()
            rows.append({"target_end_date": end, "outcome": outcome, "before": before, "given": given})
    return pd.DataFrame(rows, columns=list(STATE_COLUMNS)).astype({"before": float, "given": float})


def _records(table: pd.DataFrame) -> list[Fields]:
    """Rows as JSON values; what is missing is null."""
    rows = table.to_dict("records")
    return [{name: None if cell != cell else cell for name, cell in row.items()} for row in rows]
