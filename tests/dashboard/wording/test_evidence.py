"""Sentences about the evidence: acts, readings, figures, and what the next year would take."""

import math
import re
from dataclasses import replace
from datetime import date

import pytest

from dashboard.wording.evidence import (
    agreement_sentence,
    ahead_sentence,
    alpha_text,
    checks_text,
    days_sentence,
    history_sentence,
    indicator_sentence,
    lag_text,
    ledger_sentence,
    pull_sentence,
    readings_text,
    unseen_sentence,
)
from dashboard.wording.forecast import needed_sentence
from dashboard.wording.labels import (
    STATE_LABELS,
)
from dashboard.wording.numerals import number
from data.publication import PublicationLag
from data.readings import Coding, Reading
from data.types import Observation
from data.unused import AHEAD, Unused
from models.coding.agreement import EVERYTHING, Agreement, Closeness
from models.coding.searches import Pull
from models.names import (
    STATES,
    Scenario,
)
from models.outcome.rule import resolve_history


def test_the_history_sentence_counts_the_labels(evidence):
    history = resolve_history(evidence.events, 1950, 2024)
    text = history_sentence(history)
    for state in STATES:
        assert f"{sum(one.state == state for one in history)} {STATE_LABELS[state]}" in text
    assert "75 labelled year-ends from 1950 to 2024" in text
    run = next(i for i, one in enumerate(reversed(history)) if one.state != history[-1].state)
    assert f"for the last {run} year-ends" in text


def test_the_ledger_sentence_counts_the_rows_shown(evidence):
    ledger = evidence.ledger()
    text = ledger_sentence(ledger)
    assert text.startswith(f"{len(ledger)} acts from 14 February 1950 to ")
    assert f"{(ledger['direction'] == 'conflict').sum()} hostile" in text
    assert ledger_sentence(ledger.iloc[:0]) == "No act matches; widen the search."
    assert ledger_sentence(ledger.iloc[:1]).startswith("1 act from")


CODED = Coding(intensity=-3, direction="conflict", domain="civil_space", mechanism="joint_projects")


@pytest.mark.parametrize(
    ("second", "doubt", "said"),
    [
        (CODED, 0, "Second reading, blind to the first: the same (without doubt)."),
        (
            replace(CODED, intensity=-4),
            1,
            "blind to the first: −4, hostile, Civil space, joint projects (some doubt).",
        ),
        (None, None, "Read once: nobody has coded this row a second time."),
    ],
)
def test_both_codings_of_a_row_are_told(second, doubt, said):
    text = readings_text(Reading(id="E", search="first", first=CODED, second=second, doubt=doubt))
    assert text.startswith("First reading: −3, hostile, Civil space, joint projects. ")
    assert said in text


def test_a_row_without_any_reading_was_read_once():
    assert readings_text(None) == "Read once: nobody has coded this row a second time."
    assert checks_text(twice=False, second_page=True) == "read once, second page"


def test_agreement_is_told_with_its_interval_and_what_it_is_not():
    one = Agreement(column="intensity", group=EVERYTHING, member="", rows=9, alpha=0.97, low=-0.021, high=0.98)
    close = Closeness(rows=9, exact=0.5, within_one=0.75, mean=0.0, sd=1.0)
    assert alpha_text(one) == "0.97 (−0.02 to 0.98)"
    assert alpha_text(replace(one, alpha=None, low=None, high=None)) == "nothing varies"
    text = agreement_sentence([one], close, once=2)
    for part in (
        "9 rows were coded",
        "0.97 on the intensity",
        "in 50 % of",
        "not truth",
        "2 rows were read once",
    ):
        assert part in text
    assert "read once" not in agreement_sentence([one], close, once=0)


def test_the_pull_of_a_second_search_is_told_by_sign():
    found = [Pull(sign=1, years=42, before=3.16, after=2.18), Pull(sign=-1, years=24, before=-4.09, after=-2.48)]
    text = pull_sentence(found)
    assert "in 42 warm years the plain mean went from +3.2 to +2.2" in text
    assert "in 24 cold years the plain mean went from −4.1 to −2.5" in text
    assert pull_sentence([]) == ""


@pytest.mark.parametrize(
    ("months", "said"), [(0, "when its period ends on"), (1, "1 month after"), (4, "4 months after")]
)
def test_the_day_that_a_figure_is_known_from_is_told_with_its_reason(months, said):
    text = lag_text(PublicationLag(file="indicators/a.csv", months_after=months, why="It says so."))
    assert said in text
    assert text.endswith("It says so.")


def test_an_indicator_tells_its_gaps_breaks_and_doubtful_figures(evidence):
    whole = evidence.indicator("orbital_launches.rus_attempts")
    seen = [Observation(period_end=date(y, 12, 31), value=float(y), source_kind="opened") for y in (2000, 2001, 2004)]
    seen.append(Observation(period_end=date(2005, 12, 31), value=2e9, source_kind="unverified"))
    text = indicator_sentence(replace(whole, observations=tuple(seen), definition_breaks=("2004: other",)))
    assert text.startswith("2,000 in 2000 and 2 billion in 2005 (launches a year).")
    assert "No figure for 2002–2003" in text
    assert "definition break. 2004: other." in text
    assert "Unverified: 2005." in text
    assert "No figure with an opened source" in indicator_sentence(replace(whole, observations=()))


@pytest.mark.parametrize(
    ("value", "text"), [(0.0712, "0.0712"), (-3.5, "−3.5"), (1234.5, "1,234"), (2.02e12, "2.02 trillion"), (79.0, "79")]
)
def test_figures_have_three_digits_and_real_minus_signs(value, text):
    assert number(value) == text


def test_next_year_is_told_what_it_would_take():
    told = needed_sentence(2025, (-11.1, -4.14, 4.18), (3.09, 1.1, math.nan, 1.91), date(2024, 12, 31))
    assert told == (
        "To be labelled deeper cooperation, 2025 alone would need a mean intensity of +4.2 or more; a mean below −4.1 "
        "would make it strain; no mean is low enough to make it rupture (the scale ends at −10). One act that breaks a "
        "core commitment makes it rupture whatever the mean. On the books: +3.1 in 2021, +1.1 in 2022 and +1.9 in 2024."
    )


def test_what_next_year_would_take_stays_on_the_scale():
    cold = needed_sentence(1970, (10.3, 14.0, 18.0), (-9.0,) * 4, date(1969, 12, 31))
    assert "would need more than any year can give (the scale ends at +10)" in cold
    assert "no mean is high enough to lift it above strain (the scale ends at +10)" in cold
    assert "no mean is high enough to lift it above rupture (the scale ends at +10)" in cold
    warm = needed_sentence(1958, (-20.0, -14.0, -10.0), (math.nan,) * 4, date(1957, 12, 31))
    assert "would need no more than any recorded act" in warm
    assert warm.count("no mean is low enough to make it") == 2
    assert "On the books" not in warm
    assert not re.search(r"[−+]1[1-9]|[−+]2[0-9]", cold + warm)


def test_of_a_year_that_is_over_only_the_books_are_told():
    assert needed_sentence(2025, (-11.1, -4.14, 4.18), (math.nan, 1.91), date(2026, 1, 1)) == (
        "On the books: +1.9 in 2024."
    )


def test_acts_after_the_reference_date_are_counted_and_the_first_is_named():
    day = date(2025, 12, 31)
    acts = [Unused(file="events.csv", row=at, name=f"E{at}", day=date(2026, at, 1), reason=AHEAD) for at in (5, 3)]
    assert ahead_sentence(acts, day) == (
        "2 acts after 31 December 2025 are on the Evidence page and not in this forecast, the first of them E3."
    )
    assert ahead_sentence(acts[:1], day).startswith("One act after 31 December 2025 is on")
    assert ahead_sentence([], day) == ""


def test_how_old_the_evidence_is_stands_in_words():
    told = days_sentence(date(2026, 10, 8), date(2026, 10, 8), date(2026, 11, 28))
    assert told == "Evidence searched up to 8 October 2026, 7 weeks ago."
    former = days_sentence(date(2025, 12, 31), date(2026, 6, 30), date(2026, 11, 28))
    assert former.endswith("30 June 2026, 5 months ago; forecasts look ahead from 31 December 2025.")


def test_states_that_the_regression_never_saw_are_named():
    told = unseen_sentence([Scenario.TRANSACTIONAL, Scenario.DEEPER], 1992)
    assert "has never seen rupture and strain" in told
    assert "It reads 4 year-ends since 1992" in unseen_sentence(list(Scenario), 1992)
