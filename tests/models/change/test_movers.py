"""What single rows and assumptions do: what is known exactly, what two routes must agree on, and what is not said."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from models.base_rate.chain import BaseRate, calm_hazard
from models.change import movers as movers_module
from models.change.compare import ROUNDING
from models.change.effects import Judge, _weighed
from models.change.movers import COLUMNS, Movers, knobs_that_moved, rows_that_moved
from models.change.pieces import Piece, pieces, unlike
from models.change.side import Side
from models.commands.actions import compare
from models.forecast.results import make_forecast
from models.leave_out.cases import Basis
from models.library.members import Members, ordered_prior_at
from models.measures.driver_table import Scaling
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, STATES, TARGET_STATE
from models.ordered.law import forecast, log_likelihood, sample_prior
from models.ordered.transitions import read_transitions
from models.outcome.rule import yearly_codes
from tests.support.values.change_sides import CAME, evidence_of, side
from tests.support.values.likelihood_fits import readable
from tests.support.values.prior_fits import prior_fit
from tests.support.values.weights import only

EVENT = "E2024-05-21-maslov-sentence"


@pytest.fixture(scope="module")
def fewer() -> Movers:
    """Rows of 2024 came; M1 is asked too."""
    new = side("2024")
    fit = readable(prior_fit(evidence_of("2024"), new.assumptions, samples=200, seed=31))
    return rows_that_moved(side("fewer"), new, fit)


def test_pieces_name_every_row_file_and_year_that_differs() -> None:
    found = pieces(evidence_of("2023"), evidence_of("2024"))
    added = {event.id for event in evidence_of("2024").events} - {event.id for event in evidence_of("2023").events}
    assert {one.name for one in found if one.kind == "event"} == added
    assert {(one.happened, one.kind) for one in found} == {
        ("added", "event"),
        ("changed", "indicator"),
        ("added", "year"),
    }
    (year,) = (one for one in found if one.kind == "year")
    assert year.label == f"the {len(added)} rows of 2024"
    assert {one.happened for one in pieces(evidence_of("2024"), evidence_of("2023"))} == {"gone", "changed"}
    assert pieces(evidence_of("2024"), evidence_of("2024")) == ()


def test_the_record_without_a_piece_is_the_other_one_in_that_piece_alone() -> None:
    whole, old = Basis.of(evidence_of("2024")), evidence_of("2023")
    scaling = Scaling.of(whole.drivers.raw)

    def ids(left: Basis) -> set[str]:
        return {event.id for event in left.evidence.events}

    event = Piece(kind="event", name=EVENT, label="", happened="added")
    assert ids(whole) - ids(unlike(event, whole, old, scaling)) == {EVENT}
    year = Piece(kind="year", name="2024", label="", happened="added")
    assert ids(unlike(year, whole, old, scaling)) == {one.id for one in old.events}
    other = replace(next(one for one in whole.evidence.events if one.id == EVENT), intensity=-9)
    told = replace(evidence_of("2024"), events=(*old.events, other))
    assert other in unlike(replace(event, happened="changed"), whole, told, scaling).evidence.events
    file = Piece(kind="indicator", name="sipri_milex", label="", happened="changed")
    left = unlike(file, whole, old, scaling)
    changed = {name for name, one in whole.evidence.indicators.items() if left.evidence.indicators[name] != one}
    assert changed
    assert all(
        name.startswith("sipri_milex.") and left.evidence.indicators[name] == old.indicators[name] for name in changed
    )
    gone = replace(old, indicators={name: one for name, one in old.indicators.items() if name not in changed})
    masked = unlike(file, whole, gone, scaling)
    assert (masked.drivers.origin_note == "masked").sum() > (whole.drivers.origin_note == "masked").sum()


@cache
def broken() -> tuple[Basis, Basis]:
    """2024 with one act that makes its year rupture, and the same without it."""
    events = evidence_of("2024").events
    others = tuple(one for one in events if one.id != EVENT)
    act = replace(next(one for one in events if one.id == EVENT), intensity=-9, event_type="military_incident")
    evidence = replace(evidence_of("2024"), events=(*others, act))
    whole, piece = Basis.of(evidence), Piece(kind="event", name=EVENT, label="", happened="added")
    return whole, unlike(piece, whole, replace(evidence, events=others), Scaling.of(whole.drivers.raw))


def test_the_base_rate_is_counted_again_without_the_row() -> None:
    whole, left = broken()
    found = Judge(whole, side("2024", members=False).library).effects(left)
    assert set(found) == {MODEL_M0}
    hazard = calm_hazard(whole.assumptions.values["rupture_hazard"])
    codes = [yearly_codes(one.evidence.events, 1950, 2024) for one in (left, whole)]
    there, here = (BaseRate.from_history(one, hazard=hazard).forecast(int(one[-1])).state for one in codes)
    np.testing.assert_array_equal(found[MODEL_M0].change, here - there)
    assert found[MODEL_M0].change[0, 0] > 0.3
    assert (found[MODEL_M0].status, found[MODEL_M0].error.max()) == ("exact", 0.0)


def test_a_row_that_the_models_never_read_does_nothing() -> None:
    context = [event for event in evidence_of("2024").events if event.is_context][-1]
    without = replace(
        evidence_of("2024"), events=tuple(one for one in evidence_of("2024").events if one.id != context.id)
    )
    whole = Basis.of(evidence_of("2024"))
    piece = Piece(kind="event", name=context.id, label="", happened="added")
    left = unlike(piece, whole, without, Scaling.of(whole.drivers.raw))
    effects = Judge(whole, side("2024").library).effects(left)
    assert set(effects) == {MODEL_M0, MODEL_M2, MODEL_M3}
    for effect in effects.values():
        assert not effect.change.any()
        assert effect.status == "exact"


def posterior_by_weights(one: Basis, drawn: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """M2's posterior as weights of draws from its prior, and each draw's forecast."""
    prior, transitions = ordered_prior_at(one.assumptions), read_transitions(one.evidence, one.drivers)
    likelihood = log_likelihood(drawn, transitions, prior)
    weights = np.exp(likelihood - likelihood.max())
    return weights / weights.sum(), forecast(drawn, transitions, prior).flat


def resampled_members(whole: Basis, drawn: dict[str, np.ndarray], weights: np.ndarray, size: int) -> Members:
    """A fit of M2 whose draws are those of the prior, resampled by their weights."""
    rng, old = np.random.default_rng(12), side("2024").library.members
    rows = rng.choice(weights.size, size, p=weights)
    parameters = {name: values[rows].copy() for name, values in drawn.items()}
    told = forecast(parameters, read_transitions(whole.evidence, whole.drivers), ordered_prior_at(whole.assumptions))
    on = {"evidence_digest": whole.evidence.digest}
    ordered = replace(old.ordered, parameters=parameters, forecast=told, chain=np.repeat(np.arange(4), size // 4), **on)
    return Members(evidence=whole.evidence, ordered=ordered, regimes=tuple(replace(one, **on) for one in old.regimes))


def test_the_ordered_regression_without_an_act_agrees_with_its_prior_weighed_afresh() -> None:
    whole, left = broken()
    drawn = sample_prior(ordered_prior_at(whole.assumptions), np.random.default_rng(11), 20_000)
    (w, p), (v, q) = (posterior_by_weights(one, drawn) for one in (whole, left))
    truth, noise = w @ p - v @ q, w[:, None] * (p - w @ p) - v[:, None] * (q - v @ q)
    members = resampled_members(whole, drawn, w, 1200)
    found = Judge(whole, side("2024").library.joined_by(members)).effects(left)[MODEL_M2]
    expected, doubt = (one.reshape(5, -1)[:, :4] for one in (truth, np.sqrt(np.square(noise).sum(axis=0))))
    z = (found.change - expected) / np.hypot(found.error, doubt)
    assert np.abs(z).max() < 4, z  # four standard errors, over twenty cells
    assert np.abs(expected).max() > 0.1, "the act makes no difference, so nothing was tested"


def test_an_effect_is_as_doubtful_as_the_worse_of_its_two_weights() -> None:
    rng = np.random.default_rng(4)
    even, uneven = np.zeros(400), 3 * rng.standard_cauchy(400)
    told = [rng.dirichlet(np.ones(6), size=(400, 5)).reshape(400, -1) for _ in range(2)]
    chain = np.repeat(np.arange(4), 100)
    for here, there in ((even, uneven), (uneven, even)):
        assert _weighed(here, there, told, chain).status == "poor"


def test_effects_are_listed_by_size_with_what_they_cover(fewer: Movers) -> None:
    table = fewer.table
    assert list(table.columns) == COLUMNS
    assert fewer.pieces == CAME
    assert fewer.silent == ()
    assert (table["covered"] == 1.0).all()
    sizes = fewer.largest(10)["effect"].abs()
    assert (sizes.diff().dropna() <= 0).all()
    assert "year" not in set(fewer.largest(10)["kind"])
    assert list(fewer.years["name"].unique()) == ["2024"]
    at = fewer.at("2027-12-31", "deeper", 2)
    assert set(at["state"]) == {"deeper"}
    sums = table.groupby(["kind", "name", "target_end_date"])["effect"].sum()
    np.testing.assert_allclose(sums, 0.0, rtol=0, atol=1e-12)  # four states of one day


def test_what_came_and_what_went_are_opposite_and_silence_is_told() -> None:
    old, new = side("fewer"), side("2024")
    came, went = rows_that_moved(old, new), rows_that_moved(new, old)
    assert came.silent == (MODEL_M1,)
    assert came.table["covered"].max() == pytest.approx(0.58 / 0.98)
    pd.testing.assert_frame_equal(
        came.table.drop(columns="happened"),
        went.table.assign(effect=-went.table["effect"]).drop(columns="happened"),
    )
    told = "\n".join(compare.movers_lines(came, "rows"))
    assert f"Rows that moved most, each alone (effects need not add up); {CAME} differ:" in told
    assert f"the {CAME} rows of 2024 at once (added" in told
    assert "m1_latent_alignment could not be asked about rows" in told
    light = Side(snapshot=new.snapshot)
    assert rows_that_moved(old, light).pieces == 0
    assert rows_that_moved(new, side("2024", only(MODEL_M0))).table.empty


def test_an_assumption_does_what_a_forecast_with_it_as_it_was_says() -> None:
    old, new = side(), side(values={"C01": 2.0, "stickiness": 0.7, "rupture_hazard": 0.05})
    found = knobs_that_moved(old, new)
    assert set(found.table["name"]) == {"C01", "stickiness", "rupture_hazard"}
    for key in ("C01", "stickiness"):
        before = new.assumptions.replace({key: old.assumptions.values[key]})
        ends = [make_forecast(new.evidence, new.library, one) for one in (before, new.assumptions)]
        rows = found.table[(found.table["name"] == key) & (found.table["horizon"] == 3)]
        there, here = ([one.probability(TARGET_STATE, 3, state) for state in STATES] for one in ends)
        np.testing.assert_allclose(rows["effect"], np.subtract(here, there), rtol=0, atol=2 * ROUNDING)


def test_where_another_edition_was_read_years_are_judged_and_not_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movers_module, "MOST_ROWS", 3)
    found = rows_that_moved(side("fewer", members=False), side("2024", members=False))
    assert found.unasked > 3
    assert set(found.table["kind"]) <= {"year", "indicator"}
    assert found.pieces >= found.unasked
    told = "\n".join(compare.movers_lines(found, "rows"))
    assert f"{found.unasked} ledger rows differ, too many to ask one by one" in told
    fields = compare.plain_movers(rows_that_moved=found)["rows_that_moved"]
    assert (fields["unasked"], fields["asked"]) == (found.unasked, found.pieces - found.unasked)


def test_of_another_edition_only_the_last_years_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Piece(kind="event", name=str(year), label="", happened="added") for year in (2022, 2023, 2024)]
    years = [replace(piece, kind="year") for piece in rows]
    file = Piece(kind="indicator", name="sipri_milex", label="", happened="changed")
    monkeypatch.setattr(movers_module, "MOST_YEARS", 2)
    assert movers_module._by_year([*rows, file, *years]) == [file, *years[1:]]
