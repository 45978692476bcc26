"""The outcome rule against exact fractions, against what historians tell, and against padding of the ledger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data.load import load_evidence
from data.types import Event, Source
from data.vocabulary import DOMAINS, SPACE_DOMAINS
from models.errors import OutcomeError
from models.names import STATES, Scenario
from models.outcome import (
    RULE,
    OutcomeRule,
    classify,
    mean_needed,
    resolve,
    resolve_history,
    tone,
    yearly_codes,
    yearly_readings,
)

FROZEN_DIGEST = "d28ac40afaefa85837a25b59f34aceee6ad82410fa5e6cdb3bc1b325712b8655"
FIRST, LAST = 2000, 2009
PAIR = ("RUS", "CHN")
SEEDED = settings(derandomize=True, database=None, deadline=None, max_examples=80)


def act(
    number: int,
    year: int,
    intensity: int,
    domain: str = "diplomacy",
    *,
    between: tuple[str, str] = PAIR,
    context: bool = False,
) -> Event:
    tone_of = "cooperation" if intensity > 0 else "conflict" if intensity < 0 else "mixed"
    return Event(
        id=f"E{year}-act-{number}",
        date=date(year, 1, 1),
        date_precision="year",
        initiator=between[0],
        target=between[1],
        domain=domain,
        mechanism="other",
        event_type="statement",
        direction="context" if context else tone_of,
        intensity=0 if context else intensity,
        summary="An act.",
        source=Source(title="", url="", kind="unverified"),
        source_kind="unverified",
        confidence="medium",
    )


def again(event: Event, copy: int = 1) -> Event:
    return replace(event, id=f"{event.id}-copy-{copy}")


@pytest.fixture(scope="module")
def ledger() -> tuple[Event, ...]:
    return load_evidence().events


@pytest.fixture(scope="module")
def history(ledger: tuple[Event, ...]) -> dict[int, Scenario]:
    return {label.year: label.state for label in resolve_history(ledger, 1950, 2024)}


def exact_tone(events: Sequence[Event], year: int) -> Fraction | None:
    """The rule as its docstring tells it, in exact fractions and plain loops."""
    total = weight = Fraction(0)
    for age in range(5):
        acts = [event for event in events if event.year == year - age and event.direction != "context"]
        if acts:
            shares = [Fraction(1) if event.domain in SPACE_DOMAINS else Fraction(1, 2) for event in acts]
            mean = sum(share * event.intensity for share, event in zip(shares, acts, strict=True)) / sum(shares)
            total += Fraction(7, 10) ** age * mean
            weight += Fraction(7, 10) ** age
    return total / weight if weight else None


def exact_label(events: Sequence[Event], year: int) -> str | None:
    grave = [e for e in events if e.year == year and e.intensity <= -8 and "USA" not in (e.initiator, e.target)]
    value = exact_tone(events, year)
    if value is None:
        return None
    if grave or value < -3:
        return "rupture"
    return "strain" if value < Fraction(-1, 2) else "transactional" if value < Fraction(5, 2) else "deeper"


ledgers = st.lists(
    st.tuples(
        st.integers(FIRST, LAST),
        st.one_of(st.integers(-10, 10), st.integers(-5, 5)),
        st.sampled_from(DOMAINS),
        st.sampled_from([PAIR, PAIR[::-1], ("both", "both"), ("USA", "CHN")]),
        st.integers(0, 5).map(lambda draw: draw == 0),
    ),
    max_size=25,
).map(
    lambda rows: [
        act(number, year, intensity, domain, between=between, context=context)
        for number, (year, intensity, domain, between, context) in enumerate(rows)
    ]
)


@SEEDED
@given(events=ledgers)
def test_labels_agree_with_exact_fractions(events: list[Event]) -> None:
    values = {year: exact_tone(events, year) for year in range(FIRST, LAST + 1)}
    # A tone within rounding of a cut may fall on either side in floating point.
    assume(all(abs(v - Fraction(str(cut))) > Fraction(1, 10**9) for v in values.values() if v for cut in RULE.cuts))
    found = resolve_history(events, FIRST, LAST)
    assert [label.state for label in found] == [exact_label(events, year) for year in values]
    expected = [np.nan if value is None else float(value) for value in values.values()]
    # Five sums and one division of numbers up to 10: a few units in the fifteenth place.
    np.testing.assert_allclose([label.tone for label in found], expected, rtol=0, atol=1e-12)


@SEEDED
@given(events=ledgers)
def test_codes_of_the_arrays_are_the_labels_of_the_ledger(events: list[Event]) -> None:
    codes = yearly_codes(events, FIRST, LAST)
    labels = [label.state for label in resolve_history(events, FIRST, LAST)]
    assert [None if code < 0 else STATES[code] for code in codes] == labels


@SEEDED
@given(events=ledgers, copies=st.integers(1, 7), year=st.integers(FIRST, LAST))
def test_copying_every_event_of_a_year_changes_no_label(events: list[Event], copies: int, year: int) -> None:
    more = [again(event, copy) for event in events if event.year == year for copy in range(copies)]
    padded = resolve_history([*events, *more], FIRST, LAST)
    for before, after in zip(resolve_history(events, FIRST, LAST), padded, strict=True):
        assert after.state == before.state
        np.testing.assert_array_equal(after.tone, before.tone)


@SEEDED
@given(events=ledgers)
def test_context_rows_and_later_events_never_count(events: list[Event]) -> None:
    noise = [act(100 + year, year, 0, between=("USA", "other"), context=True) for year in range(FIRST, LAST + 1)]
    later = [act(200, LAST + 1, -10), act(201, LAST + 5, 10, "civil_space")]
    before, after = resolve_history(events, FIRST, LAST), resolve_history([*events, *noise, *later], FIRST, LAST)
    assert [(label.state, label.reason, label.decisive) for label in before] == [
        (label.state, label.reason, label.decisive) for label in after
    ]


@pytest.mark.parametrize(
    ("year", "allowed"),
    [
        (1957, {"deeper"}),
        (1960, {"rupture", "strain"}),
        (1961, {"rupture", "strain"}),
        (1969, {"rupture"}),
        (1970, {"rupture", "strain"}),
        (1995, {"deeper"}),
        *((year, {"transactional"}) for year in range(2005, 2009)),
        (2019, {"deeper"}),
    ],
)
def test_history_is_labelled_as_historians_tell_it(history: dict[int, Scenario], year: int, allowed: set[str]) -> None:
    assert history[year] in allowed


def test_no_year_of_the_record_is_annulled(history: dict[int, Scenario]) -> None:
    assert list(history) == list(range(1950, 2025))
    assert None not in history.values()


def test_copying_any_year_of_the_real_ledger_leaves_every_label(ledger: tuple[Event, ...]) -> None:
    plain = yearly_codes(ledger, 1950, 2024)
    for year in range(1950, 2025):
        padded = [*ledger, *(again(event) for event in ledger if event.year == year)]
        np.testing.assert_array_equal(yearly_codes(padded, 1950, 2024), plain)


def test_the_future_of_the_real_ledger_changes_no_earlier_label(ledger: tuple[Event, ...]) -> None:
    whole = yearly_codes(ledger, 1950, 2024)
    for year in (1959, 1975, 1990, 2008):
        known = [event for event in ledger if event.year <= year]
        np.testing.assert_array_equal(yearly_codes(known, 1950, year), whole[: year - 1949])


def test_a_break_act_decides_its_own_year_and_only_between_the_two() -> None:
    good = [act(number, 2005, 8, "civil_space") for number in range(30)]
    grave, nearly = act(90, 2005, -8), act(91, 2005, -7)
    assert resolve(good, 2005).state == "deeper"
    assert resolve([*good, nearly], 2005).state == "deeper"
    broken = resolve([*good, grave], 2005)
    assert (broken.state, broken.decisive) == ("rupture", (grave,))
    assert grave.id in broken.reason
    assert resolve([*good, grave], 2006).state == "deeper"
    abroad = act(92, 2005, -9, between=("USA", "CHN"))
    assert resolve([*good, abroad], 2005).state == "deeper"
    together = act(93, 2005, -9, between=("both", "CHN"))
    assert resolve([*good, together], 2005).state == "rupture"


def test_a_question_without_events_in_memory_is_annulled() -> None:
    events = [act(1, 2000, 4), act(2, 2005, 0, context=True)]
    assert resolve(events, 2004).state == "deeper"
    nothing = resolve(events, 2005)
    assert nothing.state is None
    assert np.isnan(nothing.tone)
    assert nothing.decisive == ()
    assert nothing.reason.startswith("Annulled")
    np.testing.assert_array_equal(yearly_codes(events, 1999, 2005), [-1, 3, 3, 3, 3, 3, -1])


@pytest.mark.parametrize(
    ("intensities", "state"),
    [
        ((-3,), "strain"),
        ((-3, -4), "rupture"),
        ((-1, 0), "transactional"),
        ((-1,), "strain"),
        ((2, 3), "deeper"),
        ((2,), "transactional"),
    ],
)
def test_a_tone_on_a_cut_belongs_to_the_better_state(intensities: tuple[int, ...], state: str) -> None:
    assert resolve([act(n, 2005, value) for n, value in enumerate(intensities)], 2005).state == state


def test_weights_and_decay_by_hand() -> None:
    events = [act(1, 2004, 6, "civil_space"), act(2, 2004, -3, "economy"), act(3, 2005, -2, "arms_technology")]
    means, breaks = yearly_readings(events, 2003, 2005)
    np.testing.assert_array_equal(means, [np.nan, 3.0, -2.0])  # (6 - 3 / 2) / 1.5
    np.testing.assert_array_equal(breaks, [False, False, False])
    assert resolve(events, 2005).tone == pytest.approx((0.7 * 3 - 2) / 1.7, abs=1e-15)
    assert resolve(events, 2007).tone == pytest.approx((0.7**3 * 3 - 0.7**2 * 2) / (0.7**3 + 0.7**2), abs=1e-15)


def test_arrays_of_any_shape_are_labelled_row_by_row() -> None:
    rng = np.random.default_rng(7)
    means = np.where(rng.random((4, 3, 8)) < 0.4, np.nan, rng.uniform(-9, 9, (4, 3, 8)))
    means[0, 0] = np.nan
    breaks = rng.random((4, 3)) < 0.2
    breaks[0, 0] = False
    codes = classify(means, breaks)
    assert codes.shape == (4, 3)
    assert codes[0, 0] == -1
    for index in np.ndindex(4, 3):
        assert codes[index] == int(classify(means[index], breaks[index]))
    # Only the memory counts.
    np.testing.assert_array_equal(tone(means), tone(means[..., -RULE.memory_years :]))
    assert np.nanmax(np.abs(tone(means) - tone(means[..., -4:]))) > 0.1


def test_the_decisive_events_pull_towards_the_label() -> None:
    events = [act(1, 2003, 9), act(2, 2004, -6), act(3, 2005, -7), act(4, 2005, -4), act(5, 2005, -6, "civil_space")]
    strained = resolve([*events, act(6, 2001, -7)], 2005)
    assert strained.state == "strain"
    # Shares of the numerator: -3 (-6 at weight 1 of 2), -4.2 (0.7 * -6), -1.75 (-7 at 1/4), -1.68 (0.7**4 * -7), -1.
    assert [event.id for event in strained.decisive] == ["E2004-act-2", "E2005-act-5", "E2005-act-3"]
    assert "between -3 and -0.5" in strained.reason
    calm = resolve([act(1, 2005, -1), act(2, 2005, 3)], 2005)
    assert (calm.state, [event.intensity for event in calm.decisive]) == ("transactional", [3])


def test_every_reason_names_its_events_and_its_band(ledger: tuple[Event, ...]) -> None:
    for label in resolve_history(ledger, 1950, 2024):
        assert label.decisive
        assert all(event.id in label.reason for event in label.decisive)
        assert all(label.year - 5 < event.year <= label.year for event in label.decisive)
        assert ("break act" in label.reason) == any(RULE.is_break(e) and e.year == label.year for e in label.decisive)


def test_the_rule_is_frozen() -> None:
    assert RULE.digest == FROZEN_DIGEST, "the rule was frozen before any backtest was read: raise its version instead"
    assert RULE.version == "rule-1"


@pytest.mark.parametrize(
    "change",
    [
        {"version": "rule-2"},
        {"memory_years": 4},
        {"decay": 0.71},
        {"space_weight": 1.1},
        {"other_weight": 0.51},
        {"cuts": (-3.0, -0.5, 2.6)},
        {"cuts": (-3.1, -0.5, 2.5)},
        {"break_intensity": -9},
    ],
)
def test_every_constant_is_part_of_the_digest(change: dict[str, object]) -> None:
    assert replace(RULE, **change).digest != FROZEN_DIGEST


def test_no_constant_of_the_rule_is_forgotten_by_the_test_above() -> None:
    names = {"version", "memory_years", "decay", "space_weight", "other_weight", "cuts", "break_intensity"}
    assert set(OutcomeRule.__slots__) == names


def test_reversed_years_are_refused() -> None:
    with pytest.raises(OutcomeError, match=r"2005.*2001"):
        resolve_history([], 2005, 2001)


@pytest.mark.parametrize(
    "recent",
    [(3.1, 1.1, 0.6, 1.9), (np.nan, 2.0, np.nan, -4.0), (np.nan,) * 4, (9.0, 3.1, 1.1, 0.6, 1.9), (-2.0,)],
    ids=["full", "gaps", "nothing on record", "longer than the memory", "young record"],
)
def test_the_mean_needed_brings_the_tone_to_each_cut(recent: tuple[float, ...]) -> None:
    needed = mean_needed(np.array(recent))
    assert needed.shape == (3,)
    for state, (mean, cut) in enumerate(zip(needed, RULE.cuts, strict=True)):
        # 1e-12: a dozen additions of numbers of order ten.
        np.testing.assert_allclose(tone(np.array([*recent, mean])), cut, rtol=0, atol=1e-12)
        beside = np.array([[*recent, mean - 0.01], [*recent, mean + 0.01]])
        np.testing.assert_array_equal(classify(beside, np.zeros(2, dtype=bool)), [state, state + 1])


def test_the_mean_needed_follows_the_rule_it_is_asked_about() -> None:
    rule = replace(RULE, memory_years=2, decay=0.5, cuts=(-4.0, 0.0, 2.0))
    # Tone (x + m/2) / 1.5 with m = 4: x = 1.5 cut - 2; the year before is forgotten.
    np.testing.assert_allclose(mean_needed(np.array([-9.0, 4.0]), rule), [-8.0, -2.0, 1.0], rtol=0, atol=1e-12)
