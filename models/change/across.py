"""A change across two outcome rules: data, prior, model and time where both sides can be asked, the rest as a bridge.

The forecasts lie in one chain: the older one; the same draws under the bridge's beliefs; the former models on the newer
evidence under those beliefs and the former rule (`models.change.bridge`); the present models on that evidence under
those beliefs and the present rule; the newer forecast. Each step is one cause, so that the parts add up exactly. Shares
of the models change before the whole chain or after it, the mean of both.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import numpy as np

from data.days import horizons_from
from data.types import Evidence
from data.values import frozen
from models.change.bridge import Bridge
from models.change.game import BRIDGE, DATA, MODEL, PRIOR, TIME, By, Game
from models.change.side import Side
from models.change.values import Value, labelled, published
from models.errors import SnapshotError
from models.fits.probabilities import states
from models.forecast.answers import answers
from models.names import STATES
from models.outcome.rule import OutcomeRule, rule_of
from models.snapshot.value import Snapshot
from models.weighting.status import Status

type Term = tuple[str, int, int]
"""A forecast of the chain, whose shares it is mixed with (0 older, 1 newer), and years added to a horizon."""
type Terms = Mapping[Term, float]
"""A sum of forecasts: how much each one counts."""
type Step = tuple[str, str, str]
"""A cause, and the two forecasts that it leads from and to."""

NOW = 0
OLD, NEW = 0, 1


@frozen(eq=False)
class Point:
    """One forecast of the chain, by model.

    Attributes
    ----------
    models : Mapping[str, Value]
        The four states at every horizon, by model id.
    day : date
        Its reference date.
    label : callable
        The state at the end of a past year by its ledger and rule, None where it is not known.
    """

    models: Mapping[str, Value]
    day: date
    label: Callable[[int], np.ndarray | None]

    @property
    def year(self) -> int:
        """Of the reference date."""
        return self.day.year

    @property
    def horizons(self) -> tuple[int, ...]:
        """Those of the reference date."""
        return horizons_from(self.day)

    @classmethod
    def of_side(cls, side: Side, beliefs: Mapping[str, float], name: str) -> "Point":
        """A side asked under some beliefs; `name` is that of its draws, whose noise all its answers share."""
        given = answers(side.evidence, side.library, side.under(beliefs))
        models = {
            model: Value(mean=states(said.mean), noise={(name, model): states(said.noise)}, status=said.status)
            for model, said in given.items()
        }
        return cls(models=models, day=side.evidence.as_of, label=_labels(side.evidence, side.snapshot))

    @classmethod
    def of_snapshot(cls, snapshot: Snapshot, evidence: Evidence | None, name: str) -> "Point":
        """A stored forecast as published; `evidence` is what it rests on, where that is at hand."""
        models = {model: published(snapshot, (name, model), model) for model in snapshot.structures}
        known = _labels(evidence, snapshot) if evidence else lambda _: None
        return cls(models=models, day=snapshot.reference_date, label=known)

    def mixed(self, shares: Mapping[str, float]) -> Value:
        """The models' mixture at every horizon."""
        mean, noise = np.zeros((len(self.horizons), len(STATES))), {}
        heard = {model: share for model, share in shares.items() if share > 0}
        for model, share in heard.items():
            value = self.models[model]
            mean = mean + share * value.mean
            noise |= {name: share * blocks for name, blocks in value.noise.items()}
        return Value(mean=mean, noise=noise, status=Status.worst(*(self.models[model].status for model in heard)))


class Chain:
    """The forecasts between two sides under different rules, and what each cause did.

    Parameters
    ----------
    old, new : Side
        Both with their evidence and draws.
    by : {"date", "horizon"}
    bridge : Bridge or None
        Without one what the data, rule and structure did is one part.
    missing : str
        Why there is none.

    Raises
    ------
    SnapshotError
        No year-end that all of the chain can answer for.
    """

    def __init__(self, old: Side, new: Side, by: By, bridge: Bridge | None, missing: str = "") -> None:
        self.sides, self.by, self.missing = (old, new), by, missing
        self.points = dict(self._points(bridge))
        self.shares = tuple(side.snapshot.model_weights for side in self.sides)
        self._require_models()
        self.terms = self._terms(bridge)
        self.rows, self.left_out = self._answerable()
        if not self.rows:
            years = ", ".join(map(str, sorted(self._years)))
            raise SnapshotError(
                f"got forecasts of {years}, expected a year-end that all of them can answer for; compare the same "
                "horizons, or forecasts less far apart"
            )

    @property
    def game(self) -> Game:
        """Who plays. What the data and the rule did without a bridge is one group."""
        old, new = self.sides
        differ = {DATA: old.rows != new.rows, PRIOR: self._prior == PRIOR, BRIDGE: True}
        differ |= {MODEL: self.shares[0] != self.shares[1], TIME: self.by == "horizon" and len(self._years) > 1}
        changed = tuple(cause for cause in (DATA, PRIOR, MODEL, TIME, BRIDGE) if differ[cause])
        joined = frozenset({DATA, TIME, BRIDGE} & set(changed)) if self.missing else frozenset()
        together = (joined,) if len(joined) > 1 else ()
        alone = tuple(frozenset({cause}) for cause in changed if not together or cause not in joined)
        years = new.snapshot.reference_date.year - old.snapshot.reference_date.year
        notes = (self.missing,) if together else ()
        return Game(owner=DATA, changed=changed, groups=(*alone, *together), notes=notes, years=years)

    def value(self, term: Term) -> Value:
        """A forecast of the chain in the rows asked about."""
        name, shares, shift = term
        point = self.points[name]
        mixture = point.mixed(self.shares[shares])
        places = [self._place(point, row, shift) for row in self.rows]
        mean = np.stack([mixture.mean[at] if at >= 0 else point.label(year) for at, year in places])
        keep = np.array([at >= 0 for at, _ in places])
        index = np.array([max(at, 0) for at, _ in places])
        noise = {key: blocks[:, index] * keep[:, None] for key, blocks in mixture.noise.items()}
        return Value(mean=mean, noise=noise, status=mixture.status)

    @property
    def _years(self) -> frozenset[int]:
        return frozenset(point.year for point in self.points.values())

    def _points(self, bridge: Bridge | None) -> Iterator[tuple[str, Point]]:
        named = dict(zip(("old", "new"), self.sides, strict=True))
        for name, side in named.items():
            beliefs = {"bridge": bridge.before, name: side.snapshot} if bridge else _snapshots(named)
            for owner, snapshot in beliefs.items():
                yield f"{name} under {owner}", Point.of_side(side, snapshot.assumptions.values, name)
        if bridge:
            evidence = self.sides[1].evidence
            seen = evidence if evidence.digest == bridge.before.evidence.digest else None
            yield "former rule", Point.of_snapshot(bridge.before, seen, "former rule")
            yield "later rule", Point.of_snapshot(bridge.after, seen, "later rule")
            if bridge.later is not None:
                yield "later models", Point.of_snapshot(bridge.later, seen, "later models")

    @property
    def _prior(self) -> str:
        """Whose the steps between beliefs are. Where both sides believe the same, the way to the bridge's beliefs and
        back leaves only what the rules and structures make of them."""
        return PRIOR if self.sides[0].beliefs != self.sides[1].beliefs else BRIDGE

    def _require_models(self) -> None:
        heard = {model for shares in self.shares for model, share in shares.items() if share > 0}
        for name, point in self.points.items():
            if absent := sorted(heard - point.models.keys()):
                raise SnapshotError(
                    f"got no {absent[0]} in the forecast “{name}”, expected every model that has a share; compare "
                    "forecasts that hold fits of all models"
                )

    def _terms(self, bridge: Bridge | None) -> Mapping[str, Terms]:
        """Each cause's part as a sum of forecasts."""
        steps = list(self._steps(bridge))
        sums: dict[str, dict[Term, float]] = {}
        for weight, step in steps:
            for cause, points in self._parts(step).items():
                for (name, shift), factor in points.items():
                    for shares in (0, 1):
                        _add(sums, cause, (name, shares, shift), weight * factor / 2)
        for name in ("old under old", "new under new"):
            for shares, sign in ((0, -0.5), (1, 0.5)):
                _add(sums, MODEL, (name, shares, NOW), sign)
        return sums

    def _steps(self, bridge: Bridge | None) -> Iterator[tuple[float, Step]]:
        if bridge is None:
            for owner in ("old", "new"):
                yield 0.5, (self._prior, "old under old", f"old under {owner}")
                yield 0.5, (BRIDGE, f"old under {owner}", f"new under {owner}")
                yield 0.5, (self._prior, f"new under {owner}", "new under new")
            return
        yield 1.0, (self._prior, "old under old", "old under bridge")
        yield 1.0, (DATA, "old under bridge", "former rule")
        if bridge.later is None:
            yield 1.0, (BRIDGE, "former rule", "new under bridge")
        else:
            yield 1.0, (BRIDGE, "former rule", "later models")
            yield 1.0, (DATA, "later models", "new under bridge")
        yield 1.0, (self._prior, "new under bridge", "new under new")

    def _parts(self, step: Step) -> Mapping[str, Mapping[tuple[str, int], float]]:
        """What a step is made of. Where data come with a later day and horizons are compared, time and data can arrive
        in either order: the mean of both."""
        cause, first, last = step
        years = self.points[last].year - self.points[first].year
        if cause != DATA or self.by == "date" or not years:
            return {cause: _difference((last, NOW), (first, NOW))}
        asked, known = _difference((first, years), (first, NOW)), _difference((last, NOW), (last, -years))
        rows = _difference((last, -years), (first, NOW)), _difference((last, NOW), (first, years))
        return {TIME: _mean(asked, known), DATA: _mean(*rows)}

    def _place(self, point: Point, row: int, shift: int) -> tuple[int, int]:
        """Place among a forecast's horizons, below 0 for a year-end that it knows, and the year."""
        year = row if self.by == "date" else point.year + row + shift
        return year - point.year - point.horizons[0], year

    def _answerable(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        if self.by == "date":
            ends = ({point.year + h for h in point.horizons} for point in self.points.values())
            return tuple(sorted(set.intersection(*ends))), ()
        shared = set.intersection(*({*point.horizons} for point in self.points.values()))
        whys = {row: self._why_not(row) for row in sorted(shared)}
        notes = tuple(
            f"{row} year{'' if row == 1 else 's'} ahead is left out: {why}" for row, why in whys.items() if why
        )
        return tuple(row for row, why in whys.items() if not why), notes

    def _why_not(self, horizon: int) -> str:
        for name, shift in {(name, shift) for terms in self.terms.values() for name, _, shift in terms}:
            at, year = self._place(self.points[name], horizon, shift)
            if at >= len(self.points[name].horizons):
                return f"“{name}” would be asked for {year}, further ahead than it answers."
            if at < 0 and self.points[name].label(year) is None:
                return f"the state at the end of {year} is not known to “{name}”."
        return ""


def _snapshots(sides: Mapping[str, Side]) -> Mapping[str, Snapshot]:
    return {name: side.snapshot for name, side in sides.items()}


def _labels(evidence: Evidence, snapshot: Snapshot) -> Callable[[int], np.ndarray | None]:
    rule: OutcomeRule = rule_of(snapshot.rule.digest)
    return lambda year: labelled(evidence, year, rule)


def _difference(last: tuple[str, int], first: tuple[str, int]) -> Mapping[tuple[str, int], float]:
    return {last: 1.0, first: -1.0} if last != first else {}


def _mean(*sums: Mapping[tuple[str, int], float]) -> Mapping[tuple[str, int], float]:
    total: dict[tuple[str, int], float] = {}
    for terms in sums:
        for term, factor in terms.items():
            total[term] = total.get(term, 0.0) + factor / len(sums)
    return total


def _add(sums: dict[str, dict[Term, float]], cause: str, term: Term, factor: float) -> None:
    terms = sums.setdefault(cause, {})
    terms[term] = terms.get(term, 0.0) + factor


def bridge_note(chain: Chain) -> str:
    """How much of rule and structure is the rule's alone, where the two together moved a probability most."""

    def moved(first: str, last: str) -> np.ndarray:
        values = [[chain.value((name, shares, NOW)).mean for shares in (OLD, NEW)] for name in (first, last)]
        return np.subtract(sum(values[1]), sum(values[0])) / 2

    rule, whole = (moved("former rule", last) for last in ("later rule", "new under bridge"))
    row, state = np.unravel_index(np.abs(whole).argmax(), whole.shape)
    asked = f"at the end of {chain.rows[row]}" if chain.by == "date" else f"{chain.rows[row]} years ahead"
    return (
        "Rule and structure are one part, from the former models fitted to the newer evidence under either rule. It is "
        f"largest for {STATES[state]} {asked}: {100 * whole[row, state]:+.1f} points, of which the rule alone makes "
        f"{100 * rule[row, state]:+.1f}."
    )
