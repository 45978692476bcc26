"""Every watch held against the forecast of now: who is told what, and what each has seen from then on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from data.digest import Fields, canonical_json, digest
from data.values import frozen
from models.alerts.watches import Watch, Watches
from models.alerts.webhook import Message, send
from models.answers.drawn import Drawn
from models.errors import FormatError
from models.forecast.results import Forecast
from models.names import TARGET_STATE

TYPE = "chance.moved"
TOLD, STILL, FAILED, OVER = "told", "not moved", "failed", "not forecast"

type Ask = Callable[[Watch], Drawn]
type Send = Callable[[Watch, Message], None]


@frozen
class Outcome:
    """What became of one watch.

    Attributes
    ----------
    outcome : {"told", "not moved", "failed", "not forecast"}
    before : float
        Chance that had been seen.
    now : float or None
        Chance now; None where its year-end is no longer forecast.
    why : str
        Of a failure.
    """

    watch: Watch
    outcome: str
    before: float
    now: float | None
    why: str = ""

    @property
    def fields(self) -> Fields:
        """As JSON values, without the secret."""
        told = {"outcome": self.outcome, "before": self.before, "now": self.now, "why": self.why}
        return {**told, "watch": self.watch.shown}


def check(watches: Watches, ask: Ask, now: datetime, deliver: Send = send) -> tuple[Outcome, ...]:
    """Tell everybody whose chance has moved.

    Memory moves only where somebody took the message, and is on the disk before the next one is told: stopped at any
    moment, a check tells a reader twice at most, under the same id.

    Parameters
    ----------
    ask : callable
        The forecast under a watch's setting.
    """
    outcomes = []
    with watches.changing() as kept:
        for place, watch in enumerate(kept):
            drawn = ask(watch)
            outcome = _checked(watch, drawn, now, deliver)
            outcomes.append(outcome)
            if outcome.outcome == TOLD:
                kept[place] = looked(watch, drawn.forecast)
                watches.write(kept)
    return tuple(outcomes)


def looked(watch: Watch, forecast: Forecast) -> Watch:
    """The watch once its reader has seen a forecast.

    Raises
    ------
    FormatError
        The forecast does not speak of its year-end.
    """
    now = chance(watch, forecast)
    if now is None:
        ends = [forecast.reference_date.year + ahead for ahead in forecast.horizons]
        raise FormatError(f"got the year {watch.year}, expected one from {ends[0]} to {ends[-1]}")
    return replace(watch, seen=now, seen_as_of=forecast.reference_date)


def chance(watch: Watch, forecast: Forecast) -> float | None:
    """The chance that is watched; None where the forecast does not speak of its year-end."""
    horizon = watch.year - forecast.reference_date.year
    return forecast.probability(TARGET_STATE, horizon, watch.state) if horizon in forecast.horizons else None


def message(watch: Watch, forecast: Forecast, now: datetime) -> Message:
    """What is told of a move."""
    data = {
        "watch": watch.id,
        "state": watch.state,
        "year": watch.year,
        "before": watch.seen,
        "before_as_of": watch.seen_as_of,
        "after": chance(watch, forecast),
        "after_as_of": forecast.reference_date,
        "points": watch.points,
        "values": dict(watch.values),
        "evidence": forecast.evidence_digest,
        "library": forecast.library_key,
        "assumptions": forecast.assumptions.digest,
    }
    body = canonical_json({"type": TYPE, "timestamp": now.astimezone(UTC).isoformat(timespec="seconds"), "data": data})
    return Message(id=f"msg_{digest(data)[:32]}", timestamp=int(now.timestamp()), body=body)


def _checked(watch: Watch, drawn: Drawn, now: datetime, deliver: Send) -> Outcome:
    after = chance(watch, drawn.forecast)
    if after is None:
        return Outcome(watch=watch, outcome=OVER, before=watch.seen, now=None)
    if abs(after - watch.seen) < watch.points / 100:
        return Outcome(watch=watch, outcome=STILL, before=watch.seen, now=after)
    try:
        deliver(watch, message(watch, drawn.forecast, now))
    except FormatError as error:
        return Outcome(watch=watch, outcome=FAILED, before=watch.seen, now=after, why=str(error))
    return Outcome(watch=watch, outcome=TOLD, before=watch.seen, now=after)
