"""Altered ledgers: against a slow labeller in plain Python, and with the chances they claim."""

import math
from dataclasses import replace

import numpy as np
import pytest

from models.outcome import alterations as module
from models.outcome.alterations import (
    CODING,
    FIRST,
    FLOOR,
    NAMES,
    SECOND,
    THINNED,
    alterations,
    miscoded,
    thinning,
    untouched,
)
from models.outcome.ledger import Altered, Ledger, Weighing, labels, windows
from models.outcome.rule import RULES, OutcomeRule, yearly_codes
from tests.models.outcome.conftest import YEARS
from tests.support.values.slow_labels import slow_labels, slow_rows

EACH_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.version)


@EACH_RULE
def test_every_altered_ledger_agrees_with_the_slow_labeller_draw_by_draw(editions, rule: OutcomeRule) -> None:
    events = editions.default.events
    ledger = Ledger.of(events, editions.readings, YEARS, rule)
    altered = alterations(ledger, 4, seed=3)
    assert list(altered) == list(NAMES)
    assert {key: len(each.kept) for key, each in altered.items() if len(each.kept) > 1} == {THINNED: 4, CODING: 4}
    for each in altered.values():
        intensities = np.broadcast_to(each.intensity, each.kept.shape)
        for kept, values, codes in zip(each.kept, intensities, labels(ledger, each, rule), strict=True):
            rows = [row for row, stays in zip(slow_rows(events, values), kept, strict=True) if stays]
            np.testing.assert_array_equal(codes, slow_labels(rows, rule), err_msg=each.name)


@EACH_RULE
def test_the_untouched_ledger_has_the_labels_of_the_rule(editions, rule: OutcomeRule) -> None:
    ledger = Ledger.of(editions.default.events, editions.readings, YEARS, rule)
    expected = yearly_codes(editions.default.events, *YEARS, rule)
    np.testing.assert_array_equal(labels(ledger, untouched(ledger), rule), [expected])


def test_the_first_search_and_the_floors_keep_what_they_say(editions, toned: Ledger) -> None:
    events = [event for event in editions.default.events if not event.is_context]
    search = {reading.id: reading.search for reading in editions.readings}
    altered = alterations(toned, 1, seed=0)
    found = [event.id for event, kept in zip(events, altered[FIRST].kept[0], strict=True) if kept]
    assert found == [event.id for event in events if search.get(event.id) == "first"]
    assert 200 < len(found) < len(events) / 2
    for size, key in FLOOR.items():
        np.testing.assert_array_equal(altered[key].kept[0], [abs(event.intensity) >= size for event in events])
        assert f"less than {size}" in altered[key].meaning


def test_a_row_read_once_keeps_its_reading_and_an_unknown_row_is_of_no_search(editions) -> None:
    first, other = [event for event in editions.default.events if not event.is_context][:2]
    known = next(reading for reading in editions.readings if reading.id == first.id)
    ledger = Ledger.of([first, other], [replace(known, second=None)], YEARS)
    np.testing.assert_array_equal(alterations(ledger, 1, 0)[SECOND].intensity, [first.intensity, other.intensity])
    np.testing.assert_array_equal(ledger.first_search, [True, False])


def test_random_streams_have_the_chances_they_claim(toned: Ledger) -> None:
    draws = 400
    cells = draws * toned.year.size
    # Four binomial standard errors.
    np.testing.assert_allclose(thinning(toned, draws, 9).mean(), 0.6, rtol=0, atol=4 * math.sqrt(0.24 / cells))
    wrong = miscoded(toned, draws, 9)
    shift = wrong - toned.intensity
    assert set(np.unique(shift)) == {-1, 0, 1}
    inner = np.abs(toned.intensity) < 10
    for value in (-1, 0, 1):
        share = (shift[:, inner] == value).mean()
        np.testing.assert_allclose(share, 1 / 3, rtol=0, atol=4 * math.sqrt(2 / 9 / (draws * inner.sum())))
    assert np.abs(wrong).max() == 10


def test_thinning_harder_changes_and_annuls_more(toned: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    base = labels(toned, untouched(toned))
    changed, lost = [], []
    for dropped in (0.0, 0.2, 0.4, 0.7):
        monkeypatch.setattr(module, "DROPPED_SHARE", dropped)
        varied = labels(toned, alterations(toned, 100, seed=5)[THINNED])
        changed.append((varied != base).mean())
        lost.append((varied < 0).mean())
    assert changed[0] == 0
    assert changed == sorted(set(changed))
    assert lost[0] == lost[1] == 0 < lost[3]


def test_another_weighing_is_read_as_it_says(toned: Ledger) -> None:
    """Sign balance of acts of four or more: shares of friendly less hostile weight, in tenths, year by year."""
    weighing = Weighing(name="sign", severity=lambda c: np.abs(c) >= 4, content=lambda c: 10 * np.sign(c))
    means, _ = windows(toned, untouched(toned), weighing=weighing)
    for year in (1969, 1995, 2014):
        rows = (toned.year == year) & (np.abs(toned.intensity) >= 4)
        domain = np.where(toned.space[rows], 1.0, 0.5)
        expected = 10 * (domain * np.sign(toned.intensity[rows])).sum() / domain.sum()
        np.testing.assert_allclose(means[0, year - YEARS[0], -1], expected, rtol=0, atol=1e-12)


def test_only_acts_that_may_break_a_year_do() -> None:
    def code(breaking: bool) -> int:
        ledger = Ledger(
            year=np.array([1950, 1950]),
            intensity=np.array([-8, 10]),
            space=np.array([False, True]),
            breaking=np.array([breaking, True]),
            first_search=np.array([True, True]),
            second_reading=np.array([-8, 10]),
            first=1950,
            last=1950,
        )
        altered = Altered(name="", kept=np.ones((1, 2), dtype=bool), intensity=ledger.intensity, meaning="")
        return labels(ledger, altered).item()

    assert code(breaking=True) == 0
    assert code(breaking=False) == 3  # 0.5 * 8**2.5 = 91 against 10**2.5 = 316: mean 6
