"""Why a year is what it is, in words: the numbers are those of the rule, and odd years say what is odd about them."""

from datetime import date

import pytest

from dashboard.wording.past import why
from data.load import load_evidence
from models.outcome.breakdown import break_down
from models.outcome.rule import RULE_1, resolve


@pytest.mark.parametrize("year", [1950, 1960, 1969, 1989, 2022])
def test_a_year_says_what_resolve_says(evidence, year):
    label, found = resolve(evidence.events, year), break_down(evidence.events, year)
    tone = f"{label.tone:+.2f}".replace("-", "−")
    assert why.sum_rows(found.years)[-1][-1] == tone
    assert f"is {tone}," in why.reason_sentence(found)
    assert why.heading(found, running=False).startswith(f"Why {year}: {label.state.value.title()[:5]}")
    assert ("whatever else happens" in why.reason_sentence(found)) == ("break act" in label.reason)


def test_the_reason_names_what_decided_and_between_which_cuts_the_tone_lies(evidence):
    assert why.reason_sentence(break_down(evidence.events, 1960)) == (
        "A break act makes a year rupture, whatever else happens: Aid stopped (−8). The tone of 5 years is −1.47, "
        "between −4.5 and 0; that alone would say strain. A break act is one of the two against the other, of −8 or "
        "worse, grave in kind or told by two sources."
    )
    grave = why.reason_sentence(break_down(evidence.events, 1969))
    assert grave.startswith("Break acts make a year rupture, whatever else happens: Border fighting (−10), ")
    assert "and 2 more. The tone of 5 years is −6.85, below −4.5; that would say rupture too. A break act is" in grave
    calm = why.reason_sentence(break_down(evidence.events, 1989))
    assert calm.startswith("The tone of 5 years is +3.96, between 0 and +4.5, which is transactional status quo. Most")
    assert "Normalisation (+7)" in calm


def test_the_sum_is_told_under_the_rule_that_makes_it(evidence):
    assert "to the power 2.5" in why.sum_sentence()
    assert "power" not in why.sum_sentence(RULE_1)
    rows = why.sum_rows(break_down(evidence.events, 1969).years)
    assert [row[0] for row in rows] == ["1965", "1966", "1967", "1968", "1969", "Tone"]
    assert [row[3] for row in rows] == ["9 %", "12 %", "18 %", "25 %", "36 %", "100 %"]


def test_a_year_without_label_one_still_running_and_one_ahead_say_so():
    nothing = break_down((), 1950)
    assert why.heading(nothing, running=False) == "Why 1950 has no label"
    assert why.reason_sentence(nothing).endswith("so there is no label.")
    assert why.sum_rows(nothing.years)[0] == ("1946", "0", "none", "0 %", "+0.00")
    running = break_down(load_evidence().events, 2026)
    assert why.heading(running, running=True) == "2026 so far: Transactional status quo"
    assert "still running" in why.running_sentence(2026, date(2026, 10, 8))
    assert "lies after 8 October 2026" in why.ahead_sentence(2028, date(2026, 10, 8))


def test_what_counts_and_what_is_only_shown_are_told_apart(evidence):
    found = break_down(evidence.events, 1960)
    assert (
        why.counted_sentence(found, 0) == "5 acts of 1960 count; the ledger also holds 1 by third parties, not counted."
    )
    assert why.counted_sentence(break_down(evidence.events, 1969), 0) == "10 acts of 1969 count."
    heaviest = found.acts[0]
    assert why.act_head(heaviest.event) == "16 July 1960 · Soviet Union → China · Arms and technology · intensity −8"
    assert why.act_weight(heaviest).startswith("Breaks the year; ")
