"""Pins under moved sliders against a fit under these priors, whose own ledgers are simulated many times."""

from dataclasses import replace

import numpy as np
import pytest

from data.load import load_evidence
from models.assumptions.knobs import knobs
from models.assumptions.setting import Assumptions
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.library.pool import single
from models.measures.drivers import driver_table
from models.names import MODEL_M1, STATES
from models.sampling.fit_alignment import fit_latent_alignment
from models.signpost_study.brute import continued
from models.signposts.ask import Question
from models.signposts.board import Board
from models.signposts.pins import read_pin
from models.weighting.status import Status

SETTINGS = ({"C07": 2.0, "persistence": 0.80}, {"C14": 0.1, "volatility": 0.8}, {"C13": 4.0, "C05": 0.9})
PINS = (
    ("S03=yes",),
    ("S20=yes",),
    ("S01=no",),
    ("S03=yes", "S10=yes"),
    ("S31=yes", "S16=no"),
    ("S09=yes", "S02=no", "S08=yes"),
)
LIMIT = 0.015


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("values", SETTINGS, ids=lambda values: "-".join(values))
def test_green_answers_under_moved_sliders_are_those_of_a_refit(values):
    evidence = load_evidence()
    library = committed_library(evidence)
    setting = Assumptions.defaults(evidence.claims).replace(values)
    question = Question.of(Board.of(evidence, library), evidence, library, make_forecast(evidence, library, setting))
    fit = fit_latent_alignment(evidence, setting)
    own = single(fit, driver_table(evidence), knobs(evidence.claims))
    fresh = Board.of(evidence, replace(own, simulated=continued(evidence, fit, np.random.default_rng(7))))
    green = 0
    for texts in PINS:
        pins = [read_pin(text) for text in texts]
        answer = question.ask(pins).models[MODEL_M1]
        if answer.status is not Status.GOOD:
            continue
        green += 1
        yes = [fresh.futures[MODEL_M1].yes[fresh.index(pin.id)] for pin in pins]
        weights = np.prod([chance if pin.yes else 1 - chance for chance, pin in zip(yes, pins, strict=True)], axis=0)
        held = fresh.futures[MODEL_M1].labels[..., None] == np.arange(len(STATES))
        states = np.tensordot(weights, held, axes=1) / weights.sum()
        assert np.abs(answer.outcomes[:, : len(STATES)] - states).max() <= LIMIT, texts
    assert green >= 4
