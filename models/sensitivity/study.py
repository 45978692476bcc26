"""The leave-one-out study: which pieces are refitted, what moved, and whether the fast route agrees with the refits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Self

import numpy as np
import pandas as pd

from data.days import horizons_from
from data.digest import Fields, digest
from data.types import Evidence
from data.values import frozen
from models.fits.probabilities import OUTCOMES, axis
from models.leave_out.cases import Basis, Case, Kind, cases, label, publisher
from models.leave_out.weighed import FAIR_ERROR, GOOD_ERROR, INNER_PATHS, Reference, reweighted
from models.names import HORIZONS, MODEL_M0, MODEL_M1, STATES
from models.outcome.rule import RULE
from models.sensitivity.refits import PlainAnswer
from models.storage.tasks import JsonShelf, OnDone
from models.weighting.status import Status

WEIGHTS, REFIT, EXACT = "weights", "refit", "exact"
ROUTE = {"paths": INNER_PATHS, "limits": [GOOD_ERROR, FAIR_ERROR]}
"""What an answer of the fast route depends on beside basis and draws."""
LIMIT = 0.01
"""Of the acceptance: where the badge is green, the routes may differ by one point."""
SELECTION_SEED = 20_261_123
MOST_MOVING, AT_RANDOM = 8, 6
SOURCES_OF_A_SORT, LEAST_EVENTS = 3, 2
"""Three publishers used most and three that decide most, each behind two events at least: one event is its own case."""
SHOWN = tuple((horizon, state) for horizon in (HORIZONS[0], HORIZONS[-1]) for state in STATES)


@frozen
class WeighTask:
    """One answer of the fast route; its key names what it rests on."""

    case: Case
    basis_digest: str
    reference: Reference

    @property
    def key(self) -> str:
        """Digest of basis, draws and futures."""
        fit, whole = self.reference.fit, self.reference.basis.digest
        draws = {"record": whole, "seed": fit.seed, "settings": dict(fit.settings), "draws": int(fit.chain.size)}
        return digest({"record": self.basis_digest, "made": draws, "rule": RULE.digest, **ROUTE})


@frozen(eq=False)
class Move:
    """How a forecast moves without a case, by one route.

    Attributes
    ----------
    before, change : ndarray, shape (horizon * outcome,)
    mcse, after_mcse : ndarray, same shape
        Monte Carlo standard errors of the change, and of what it leads to.
    route : {"weights", "refit", "exact"}
    status : Status
    """

    before: np.ndarray
    change: np.ndarray
    mcse: np.ndarray
    after_mcse: np.ndarray
    route: str
    status: Status

    @classmethod
    def weighed(cls, before: PlainAnswer, answer: PlainAnswer) -> Self:
        """The fast route's change, added to the reference's own probability, which has the smaller error."""
        start = np.array(before["after"])
        return cls(
            before=start,
            change=np.clip(start + answer["change"], 0, 1) - start,
            mcse=np.array(answer["change_mcse"]),
            after_mcse=np.array(answer["after_mcse"]),
            route=WEIGHTS,
            status=Status(answer["status"]),
        )

    @classmethod
    def refitted(cls, before: PlainAnswer, answer: PlainAnswer) -> Self:
        """The refit's answer: "exact" when its checks passed, else "poor"."""
        start, mcse = np.array(before["after"]), np.array(answer["after_mcse"])
        return cls(
            before=start,
            change=answer["after"] - start,
            mcse=np.hypot(mcse, np.array(before["after_mcse"])),
            after_mcse=mcse,
            route=REFIT,
            status=Status.POOR if answer["failures"] else Status.EXACT,
        )


def weigh_all(
    reference: Reference, pieces: Sequence[Case], shelf: JsonShelf, on_done: OnDone[Case]
) -> dict[Case, PlainAnswer]:
    """The fast route's answers, those on the shelf not computed again."""
    answers: dict[Case, PlainAnswer] = {}
    for done, case in enumerate(pieces, start=1):
        left = reference.basis.without(case)
        task = WeighTask(case=case, basis_digest=left.digest, reference=reference)
        answer = shelf.read(task)
        if answer is None:
            answer = weigh(reference, left)
            shelf.write(task, answer)
            on_done(case, done, len(pieces))
        answers[case] = answer
    return answers


def weigh(reference: Reference, left: Basis) -> PlainAnswer:
    """The fast route's answer as JSON values; a Pareto shape that is none or infinite is None."""
    left_out = reweighted(reference, left)
    k = left_out.weights.pareto_k
    return {
        "after": left_out.after.tolist(),
        "change": left_out.change.tolist(),
        "after_mcse": left_out.after_mcse.tolist(),
        "change_mcse": left_out.change_mcse.tolist(),
        "status": left_out.status,
        "pareto_k": None if k is None or not np.isfinite(k) else float(k),
        "ess": float(left_out.weights.ess),
    }


def sources_with_several(evidence: Evidence) -> tuple[Case, ...]:
    """Publishers behind at least two events, the most used first."""
    used = pd.Series([publisher(event) for event in evidence.events]).value_counts()
    by_name = {case.name: case for case in cases(evidence, "source")}
    return tuple(
        by_name[name] for name in sorted(used.index, key=lambda n: (-used[n], n)) if used[name] >= LEAST_EVENTS
    )


def select(basis: Basis, swept: Mapping[Case, PlainAnswer], seed: int = SELECTION_SEED) -> tuple[Case, ...]:
    """The pieces that are also refitted.

    All claims; every indicator file and domain that enters the model; publishers used most and deciding most; events:
    those that move most by the fast route, the first break act of each year with one (that of 1969 has company, so that
    nothing may change), and some drawn at random.

    Parameters
    ----------
    swept : Mapping[Case, PlainAnswer]
        The fast route's answers for all events and for `sources_with_several`.
    """
    evidence, whole = basis.evidence, basis.digest
    fixed: list[Case] = []
    kinds: tuple[Kind, ...] = ("claim", "indicator", "domain")
    for kind in kinds:
        fixed += [case for case in cases(evidence, kind) if basis.without(case).digest != whole]
    events = _by_move(swept, "event")
    most = events[:MOST_MOVING]
    breaks = [case for case in _first_breaks(evidence) if case not in most]
    rest = [case for case in events[MOST_MOVING:] if case not in breaks and swept[case]["status"] != EXACT]
    rest = sorted(rest, key=str)
    picked = np.random.default_rng(seed).choice(len(rest), size=min(AT_RANDOM, len(rest)), replace=False)
    used = list(sources_with_several(evidence)[:SOURCES_OF_A_SORT])
    deciding = [case for case in _by_move(swept, "source") if case not in used][:SOURCES_OF_A_SORT]
    return (*fixed, *used, *deciding, *most, *breaks, *(rest[index] for index in sorted(picked)))


def m1_cells(
    evidence: Evidence, case: Case, before: PlainAnswer, weighed: PlainAnswer | None, refit: PlainAnswer | None
) -> pd.DataFrame:
    """Rows of both routes for one case.

    Returns
    -------
    DataFrame
        Columns ``kind, name, label, model_id, horizon, outcome, before, after, change, mcse, after_mcse, route,
        status``; ``mcse`` is that of the change.
    """
    moves = [] if weighed is None else [Move.weighed(before, weighed)]
    moves += [] if refit is None else [Move.refitted(before, refit)]
    return pd.concat([_rows(evidence, case, MODEL_M1, move) for move in moves], ignore_index=True)


def m0_cells(basis: Basis, case: Case) -> pd.DataFrame:
    """Rows of the outside view, which is exact."""
    before, after = basis.outside_view.flat, basis.without(case).outside_view.flat
    none = np.zeros_like(before)
    move = Move(before=before, change=after - before, mcse=none, after_mcse=none, route=EXACT, status=Status.EXACT)
    return _rows(basis.evidence, case, MODEL_M0, move)


def agreement(cells: pd.DataFrame) -> pd.DataFrame:
    """How far apart the two routes are, one row a case that has both.

    Returns
    -------
    DataFrame
        ``kind, name, status`` (of the fast route), ``refit_status``, ``cell`` (where they differ most), ``difference``
        (fast less refit, there), ``error`` (what is left of it beyond the refit's own error), ``z`` (largest |z|),
        ``refit_mcse``, ``largest_change`` (of the refit), ``agrees`` (difference within one point).
    """
    keys = ["kind", "name", "horizon", "outcome"]
    inside = cells[cells["model_id"] == MODEL_M1]
    fast, exact = (inside[inside["route"] == route] for route in (WEIGHTS, REFIT))
    both = fast.merge(exact, on=keys, suffixes=("", "_refit"))
    return pd.DataFrame([_agreement_row(cell) for _, cell in both.groupby(["kind", "name"], sort=False)])


def events_table(basis: Basis, swept: Mapping[Case, PlainAnswer]) -> pd.DataFrame:
    """What every event does, one row each, those that move M1 most first.

    Returns
    -------
    DataFrame
        ``name, date, label, status, pareto_k, ess, mcse`` (largest, of the change), ``largest_change`` and its
        ``cell``; then the change of each state at the first and the last horizon, for M1 and for M0.
    """
    dates = {event.id: event.date.isoformat() for event in basis.evidence.events}
    outside = basis.outside_view.flat
    rows = []
    for case in _by_move(swept, "event"):
        answer, m0 = swept[case], basis.without(case).outside_view.flat - outside
        place, named = int(np.abs(answer["change"]).argmax()), cells_of(basis.evidence.as_of)
        head = {"name": case.name, "date": dates[case.name], "label": label(basis.evidence, case)}
        head |= {name: answer[name] for name in ("status", "pareto_k", "ess")} | {"mcse": max(answer["change_mcse"])}
        head |= {"largest_change": answer["change"][place], "cell": named[place]}
        rows.append(head | _shown(MODEL_M1, named, answer["change"]) | _shown(MODEL_M0, named, m0))
    return pd.DataFrame(rows)


def cells_of(as_of: date) -> tuple[str, ...]:
    """What each probability of a forecast from a day is about, in the order of `axis`."""
    return tuple(f"{outcome}, {horizon} y" for horizon in horizons_from(as_of) for outcome in OUTCOMES)


def _shown(model: str, named: tuple[str, ...], change: Iterable[float]) -> dict[str, float]:
    by_cell = dict(zip(named, map(float, change), strict=True))
    short = model.partition("_")[0]
    return {f"{short}_{state}_h{horizon}": by_cell[f"{state}, {horizon} y"] for horizon, state in SHOWN}


def _by_move(swept: Mapping[Case, PlainAnswer], kind: Kind) -> list[Case]:
    chosen = [case for case in swept if case.kind == kind]
    return sorted(chosen, key=lambda case: (-float(np.abs(swept[case]["change"]).max()), case.name))


def _first_breaks(evidence: Evidence) -> list[Case]:
    firsts = {event.year: event for event in reversed(evidence.events) if RULE.is_break(event)}
    return [Case(kind="event", name=firsts[year].id) for year in sorted(firsts)]


def _rows(evidence: Evidence, case: Case, model: str, move: Move) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": case.kind,
            "name": case.name,
            "label": label(evidence, case),
            "model_id": model,
            **axis(horizons_from(evidence.as_of)),
            "before": move.before,
            "after": move.before + move.change,
            "change": move.change,
            "mcse": move.mcse,
            "after_mcse": move.after_mcse,
            "route": move.route,
            "status": move.status,
        }
    )


def _agreement_row(both: pd.DataFrame) -> Fields:
    difference = (both["after"] - both["after_refit"]).to_numpy()
    mcse = both["after_mcse_refit"].to_numpy()
    place = int(np.abs(difference).argmax())
    combined = np.hypot(mcse, both["after_mcse"].to_numpy())
    z = np.divide(np.abs(difference), combined, out=np.zeros_like(difference), where=combined > 0)
    first = both.iloc[0]
    return {
        "kind": first["kind"],
        "name": first["name"],
        "status": first["status"],
        "refit_status": first["status_refit"],
        "cell": f"{both['outcome'].iloc[place]}, {both['horizon'].iloc[place]} y",
        "difference": difference[place],
        "error": float(np.sqrt(np.maximum(0, np.square(difference) - np.square(mcse))).max()),
        "z": float(z.max()),
        "refit_mcse": float(mcse.max()),
        "largest_change": both["change_refit"].iloc[int(both["change_refit"].abs().argmax())],
        "agrees": bool(np.abs(difference).max() <= LIMIT),
    }
