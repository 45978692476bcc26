"""Pins and values against brute force: ledgers simulated anew, every answer drawn from its law, and then filtered.

The stored answers weigh two ledgers a draw of the whole library by the chance of the pins. Here the base case's own
draws are continued again, with other random numbers and many ledgers each; each signpost's rate is drawn from its
posterior and its rows from a Poisson law, and what does not agree with the pins is thrown away.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from data.types import Evidence
from data.values import frozen
from models.assumptions.knobs import knobs
from models.errors import AssumptionError
from models.fits.alignment_fit import AlignmentFit
from models.library.pool import single
from models.measures.drivers import driver_table
from models.measures.ledgers import Ledgers, Scale, written_counts
from models.measures.readings import read_ledger
from models.measures.simulate import Draws, simulate_years
from models.measures.simulated import Simulated
from models.names import MODEL_M1, STATES
from models.outcome.signpost_list import SIGNPOSTS, Signpost
from models.signposts.ask import Question
from models.signposts.board import Board
from models.signposts.pins import Observed, require_pins
from models.signposts.value import values
from models.weighting.batch_means import mean_error

LEDGERS_A_DRAW, TIMES = 27, 6
"""A fit's six thousand draws are continued 27 times, and that six times over: nearly a million ledgers."""
CHUNK = 250
TRIPLES, LEAST_CHANCE = 300, 0.01
LIMIT, ERRORS = 0.015, 4.0
"""A stored chance must lie this near to the filtered one, or within so many of both errors together."""
SEED = 20_261_128


@frozen(eq=False)
class Drawn:
    """Simulated ledgers with answers.

    Attributes
    ----------
    yes : ndarray of bool, shape (signpost, time, draw, ledger)
        In the order of the board's open signposts.
    labels : ndarray of int8, shape (time, draw, ledger, horizon)
    chain : ndarray of int, shape (draw,)
    """

    yes: np.ndarray
    labels: np.ndarray
    chain: np.ndarray

    def given(self, pins: Sequence[tuple[int, bool]]) -> tuple[float, np.ndarray, np.ndarray]:
        """Chance of pins (place and answer), states that follow (horizon, state), and their Monte Carlo errors."""
        kept = np.ones(self.labels.shape[:-1], dtype=bool)
        for place, yes in pins:
            kept &= self.yes[place] == yes
        _, draw, _ = np.nonzero(kept)
        size, draws = len(STATES), self.chain.size
        number = np.bincount(draw, minlength=draws)
        codes = [draw * size + label for label in self.labels[kept].T]
        joint = np.stack([np.bincount(own, minlength=draws * size).reshape(draws, size) for own in codes], axis=1)
        states = joint.sum(axis=0) / number.sum()
        influence = (joint - states * number[:, None, None]) / number.mean()
        return float(kept.mean()), states, mean_error(influence, self.chain)


def drawn(
    evidence: Evidence, fit: AlignmentFit, signposts: Sequence[Signpost] = SIGNPOSTS, times: int = TIMES
) -> Drawn:
    """Continue a fit's draws again and answer every open signpost in each ledger.

    Parameters
    ----------
    fit : AlignmentFit
        The base case on this evidence.
    times : int
        How often `LEDGERS_A_DRAW` are simulated.
    """
    library = single(fit, driver_table(evidence), knobs(evidence.claims))
    yes, labels = [], []
    for time in range(times):
        rng = np.random.default_rng([SEED, time])
        board = Board.of(evidence, replace(library, simulated=continued(evidence, fit, rng)), signposts)
        futures = board.futures[MODEL_M1]
        shape = futures.simulated.year_means.shape
        yes.append(np.stack([own.reshape(shape[:2]) for own in _answers(board, rng)]))
        labels.append(futures.labels.reshape(shape))
    return Drawn(yes=np.stack(yes, axis=1), labels=np.stack(labels), chain=fit.chain)


def continued(evidence: Evidence, fit: AlignmentFit, rng: np.random.Generator) -> Simulated:
    """Ledgers that a fit's draws may leave, by the simulator of the forecasts with other random numbers."""
    readings = read_ledger(evidence)
    drift = fit.parameters["beta"].transpose("sample", "driver").to_numpy() @ driver_table(evidence).origin.to_numpy()
    draws = Draws.of(fit.parameters, fit.alignment.to_numpy()[:, -1].astype(float), drift)
    counts, broken, rows = [], [], []
    for start in range(0, drift.size, CHUNK):
        part = draws.part(slice(start, start + CHUNK))
        futures = simulate_years(part, readings, rng, LEDGERS_A_DRAW)
        counts.append(written_counts(part.law, readings, futures.latent, rng))
        broken.append(futures.years.broken)
        rows.append(futures.rows)
    begun = None if rows[0] is None else np.concatenate(rows)
    ledgers = Ledgers(counts=np.concatenate(counts), broken=np.concatenate(broken), rows=begun)
    return Simulated.read(ledgers, Scale.of(readings), {})


def _answers(board: Board, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Each open signpost's answer in every ledger: a rate from its posterior, rows from their law."""
    law, exposure = board.law, board.futures[MODEL_M1].exposure
    for place, signpost in enumerate(board.open):
        if signpost.asks_for_a_break:
            came = exposure[place] > 0
        else:
            rate = rng.choice(law.rates.grid, size=exposure.shape[1], p=law.rates.weights[place])
            came = rng.poisson(rate * exposure[place]) >= signpost.rule.min_count - law.seen[place]
        yield came != signpost.rule.none_expected


def triples(question: Question, number: int = TRIPLES) -> Iterator[tuple[Observed, ...]]:
    """Random triples of answers that are likely enough, none twice and none in contradiction."""
    rng, seen = np.random.default_rng(SEED), set()
    ids = [signpost.id for signpost in question.board.open]
    while len(seen) < number:
        chosen = sorted(rng.choice(len(ids), 3, replace=False).tolist())
        pins = tuple(Observed(id=ids[place], yes=bool(rng.integers(2))) for place in chosen)
        if pins in seen or not _possible(pins, question.board):
            continue
        if question.ask(pins).models[MODEL_M1].chance >= LEAST_CHANCE:
            seen.add(pins)
            yield pins


def _possible(pins: tuple[Observed, ...], board: Board) -> bool:
    try:
        require_pins(pins, board)
    except AssumptionError:
        return False
    return True


def pin_table(question: Question, fresh: Drawn, number: int = TRIPLES) -> pd.DataFrame:
    """Stored answers of latent alignment beside filtered ones.

    Returns
    -------
    DataFrame
        ``pins, chance, filtered`` (chance of the pins, both ways), ``kept`` (ledgers), ``largest`` (error of a state's
        chance at any horizon), ``errors`` (the same in combined Monte Carlo errors), ``within``.
    """
    rows = []
    for pins in triples(question, number):
        own = question.ask(pins).models[MODEL_M1]
        chance, states, error = fresh.given([(question.board.index(pin.id), pin.yes) for pin in pins])
        off = np.abs(own.outcomes[:, : len(STATES)] - states)
        both = np.hypot(own.mcse[:, : len(STATES)], error)
        apart, worst = np.divide(off, both, out=np.full_like(off, np.inf), where=both > 0), off.argmax()
        about = {"pins": " ".join(pin.text for pin in pins), "chance": own.chance, "filtered": chance}
        kept = round(chance * fresh.labels[..., 0].size)
        figures = {"largest": float(off.max()), "errors": float(apart.flat[worst])}
        rows.append({**about, "kept": kept, **figures, "within": bool(((off <= LIMIT) | (apart <= ERRORS)).all())})
    return pd.DataFrame(rows)


def value_table(question: Question, fresh: Drawn) -> pd.DataFrame:
    """Expected values of every answer by latent alignment, from weights and from filtered ledgers.

    Returns
    -------
    DataFrame
        ``year, id, family, stored, filtered``.
    """
    rows = []
    for horizon, year in enumerate(question.board.coming.years):
        stored = values(question, horizon, model=MODEL_M1).value
        for place, signpost in enumerate(question.board.open):
            yes, no = (np.cumsum(_states(fresh, horizon, fresh.yes[place] == answer))[:-1] for answer in (True, False))
            chance = float(fresh.yes[place].mean())
            own = chance * (1 - chance) * float(np.square(yes - no).sum())
            about = {"year": year, "id": signpost.id, "family": signpost.family}
            rows.append({**about, "stored": float(stored[place]), "filtered": own})
    return pd.DataFrame(rows)


def _states(fresh: Drawn, horizon: int, kept: np.ndarray) -> np.ndarray:
    return np.bincount(fresh.labels[kept][:, horizon], minlength=len(STATES)) / max(kept.sum(), 1)
