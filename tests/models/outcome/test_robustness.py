"""Rule robustness: against a slow labeller in plain Python, and on the real ledger."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data.load import load_evidence
from models.errors import OutcomeError
from models.outcome import robustness
from models.outcome.robustness import (
    CONTESTED_IDS,
    FIRST_YEAR,
    Ledger,
    flips,
    labels,
    miscoded,
    rule_robustness,
    thinning,
)
from models.outcome.rule import DYAD, RULE, yearly_codes

LEDGER_END = date(2024, 12, 31)
YEARS = range(FIRST_YEAR, LEDGER_END.year + 1)
THINNED, MISCODED = "40 % of rows dropped at random", "coding error of one point"


@pytest.fixture(scope="module")
def default():
    return load_evidence(LEDGER_END)


@pytest.fixture(scope="module")
def evidences(default):
    return (
        default,
        load_evidence(LEDGER_END, include_unverified=True),
        load_evidence(LEDGER_END, include_reserve=True),
    )


@pytest.fixture(scope="module")
def table(evidences):
    return rule_robustness(*evidences, draws=400, seed=1).set_index("variation")


@pytest.fixture(scope="module")
def ledger(default):
    return Ledger.of(default.events, FIRST_YEAR, LEDGER_END.year)


def slow_labels(rows, rule):
    """Labels from (year, intensity, is_space, dyadic) rows, year by year, straight from the rule's words."""
    found = []
    for end in YEARS:
        top, bottom, broken = 0.0, 0.0, False
        for age in range(rule.memory_years):
            year = [row for row in rows if row[0] == end - age]
            if not year:
                continue
            weights = [rule.space_weight if space else rule.other_weight for _, _, space, _ in year]
            mean = sum(w * row[1] for w, row in zip(weights, year, strict=True)) / sum(weights)
            top += rule.decay**age * mean
            bottom += rule.decay**age
            broken |= age == 0 and any(row[3] and row[1] <= rule.break_intensity for row in year)
        if broken:
            found.append(0)
        else:
            found.append(-1 if bottom == 0 else sum(top / bottom >= cut for cut in rule.cuts))
    return np.array(found)


def slow_rows(events, intensities=None):
    toned = [event for event in events if not event.is_context]
    values = [event.intensity for event in toned] if intensities is None else list(intensities)
    return [
        (event.year, value, event.is_space, {event.initiator, event.target} <= DYAD)
        for event, value in zip(toned, values, strict=True)
    ]


def slow_shares(base, varied):
    labelled = [i for i, code in enumerate(base) if code >= 0]
    changed = [varied[i] != base[i] and varied[i] >= 0 for i in labelled]
    return sum(changed) / len(labelled), sum(varied[i] < 0 for i in labelled) / len(labelled)


def test_the_slow_labeller_and_the_rule_agree_on_the_ledger(default):
    expected = slow_labels(slow_rows(default.events), RULE)
    np.testing.assert_array_equal(yearly_codes(default.events, FIRST_YEAR, LEDGER_END.year), expected)


def test_nothing_changed_means_nothing_flipped(default, ledger):
    everything = np.ones((3, ledger.year.size), dtype=bool)
    base = yearly_codes(default.events, FIRST_YEAR, LEDGER_END.year)
    same = labels(ledger, everything, ledger.intensity)
    np.testing.assert_array_equal(same, np.tile(base, (3, 1)))
    flipped, lost = flips(base, same)
    assert not flipped.any()
    assert not lost.any()


def test_thinning_agrees_with_the_slow_labeller_draw_by_draw(default, ledger):
    kept = thinning(ledger, 6, seed=3)
    rows = slow_rows(default.events)
    fast = labels(ledger, kept, ledger.intensity)
    for mask, codes in zip(kept, fast, strict=True):
        survivors = [row for row, stays in zip(rows, mask, strict=True) if stays]
        np.testing.assert_array_equal(codes, slow_labels(survivors, RULE))


def test_coding_errors_agree_with_the_slow_labeller_draw_by_draw(default, ledger):
    wrong = miscoded(ledger, 6, seed=3)
    fast = labels(ledger, np.ones(wrong.shape, dtype=bool), wrong)
    for values, codes in zip(wrong, fast, strict=True):
        np.testing.assert_array_equal(codes, slow_labels(slow_rows(default.events, values), RULE))


def test_the_table_agrees_with_slow_shares_in_every_row(default, evidences, ledger):
    table = rule_robustness(*evidences, draws=4, seed=11).set_index("variation")
    base = slow_labels(slow_rows(default.events), RULE)
    rows = slow_rows(default.events)
    settled = [event for event in default.events if event.id not in CONTESTED_IDS]
    varied = {
        "cut-offs +10 %": [slow_labels(rows, replace(RULE, cuts=tuple(1.1 * cut for cut in RULE.cuts)))],
        "cut-offs -10 %": [slow_labels(rows, replace(RULE, cuts=tuple(0.9 * cut for cut in RULE.cuts)))],
        "memory of 4 years": [slow_labels(rows, replace(RULE, memory_years=4))],
        THINNED: [
            slow_labels([row for row, stays in zip(rows, mask, strict=True) if stays], RULE)
            for mask in thinning(ledger, 4, 11)
        ],
        MISCODED: [slow_labels(slow_rows(default.events, values), RULE) for values in miscoded(ledger, 4, 11)],
        "unverified rows added": [slow_labels(slow_rows(evidences[1].events), RULE)],
        "reserve rows added": [slow_labels(slow_rows(evidences[2].events), RULE)],
        "contested rows dropped": [slow_labels(slow_rows(settled), RULE)],
    }
    assert set(table.index) == set(varied)
    for name, codes in varied.items():
        shares = np.array([slow_shares(base, one) for one in codes])
        row = table.loc[name]
        assert row["draws"] == len(codes)
        got = row[["flipped_share", "unlabelled_share", "low", "high"]].to_numpy(dtype=float)
        low, high = np.quantile(shares[:, 0], (0.05, 0.95))
        # Both routes count whole years out of the same total: only rounding may differ.
        np.testing.assert_allclose(got, [*shares.mean(axis=0), low, high], rtol=0, atol=1e-12, err_msg=name)


def test_only_acts_inside_the_pair_break_a_year():
    def code(dyadic):
        row = Ledger(
            year=np.array([1950, 1950]),
            intensity=np.array([-9, 9]),
            space=np.array([False, True]),
            dyadic=np.array([dyadic, True]),
            first=1950,
            last=1950,
        )
        return labels(row, np.ones((1, 2), dtype=bool), row.intensity).item()

    assert code(dyadic=True) == 0
    assert code(dyadic=False) == 3  # mean (0.5 * -9 + 1.0 * 9) / 1.5 = 3, above the cut of 2.5


def test_flips_leave_out_years_without_a_label_and_count_lost_labels_apart():
    base = np.array([-1, 0, 1, 2, 3])
    varied = np.array([[2, 0, -1, 1, 3], [-1, 1, 1, -1, -1]])
    flipped, lost = flips(base, varied)
    np.testing.assert_array_equal(flipped, [[False, False, True, False], [True, False, False, False]])
    np.testing.assert_array_equal(lost, [[False, True, False, False], [False, False, True, True]])


def test_acceptance_thinning_flips_at_most_a_fifth_of_the_labelled_years(table, evidences):
    row = table.loc[THINNED]
    assert 0.0 < row["low"] < row["flipped_share"] <= 0.20 < row["high"]
    longer = rule_robustness(*evidences, draws=2000, seed=2).set_index("variation").loc[THINNED]
    # Single draws scatter by 0.05, so the two means differ by at most 4 * 0.05 * sqrt(1/400 + 1/2000).
    np.testing.assert_allclose(row["flipped_share"], longer["flipped_share"], rtol=0, atol=0.011)
    assert longer["flipped_share"] <= 0.20


def test_thinning_harder_flips_and_annuls_more(evidences, monkeypatch):
    shares = []
    for dropped in (0.0, 0.2, 0.4, 0.7):
        monkeypatch.setattr(robustness, "DROPPED_SHARE", dropped)
        row = rule_robustness(*evidences, draws=100, seed=5).set_index("variation").loc[THINNED]
        shares.append((row["flipped_share"], row["unlabelled_share"]))
    flipped, lost = zip(*shares, strict=True)
    assert (flipped[0], lost[0]) == (0.0, 0.0)
    assert list(flipped) == sorted(set(flipped))
    assert lost[1] <= lost[2] < lost[3]


def test_random_streams_have_the_chances_they_claim(ledger):
    draws = 400
    cells = draws * ledger.year.size
    kept = thinning(ledger, draws, seed=9).mean()
    # Four binomial standard errors.
    np.testing.assert_allclose(kept, 0.6, rtol=0, atol=4 * math.sqrt(0.24 / cells))
    shift = miscoded(ledger, draws, seed=9) - ledger.intensity
    assert set(np.unique(shift)) == {-1, 0, 1}
    inner = np.abs(ledger.intensity) < 10
    for value in (-1, 0, 1):
        share = (shift[:, inner] == value).mean()
        np.testing.assert_allclose(share, 1 / 3, rtol=0, atol=4 * math.sqrt(2 / 9 / (draws * inner.sum())))
    assert np.abs(miscoded(ledger, draws, seed=9)).max() == 10


def test_a_seed_repeats_the_table_and_another_seed_does_not(evidences, table):
    again = rule_robustness(*evidences, draws=400, seed=1).set_index("variation")
    other = rule_robustness(*evidences, draws=400, seed=2).set_index("variation")
    assert again.equals(table)
    assert other.loc[THINNED, "flipped_share"] != table.loc[THINNED, "flipped_share"]
    fixed = [name for name in table.index if name not in (THINNED, MISCODED)]
    assert other.loc[fixed].equals(table.loc[fixed])


def test_the_table_reads_well(table):
    assert table["flipped_share"].between(0, 1).all()
    assert (table["low"] <= table["flipped_share"]).all()
    assert (table["flipped_share"] <= table["high"]).all()
    assert (table["draws"] == [400 if name in (THINNED, MISCODED) else 1 for name in table.index]).all()
    assert table["meaning"].str.endswith(".").all()
    assert table["meaning"].is_unique
    for name, row in table.iterrows():
        assert (row["most_flipped_years"] == "none") == (row["flipped_share"] == 0), name


def test_named_years_are_the_ones_that_flip(default, table):
    base = yearly_codes(default.events, FIRST_YEAR, LEDGER_END.year)
    shorter = yearly_codes(default.events, FIRST_YEAR, LEDGER_END.year, replace(RULE, memory_years=4))
    expected = [str(year) for year, a, b in zip(YEARS, base, shorter, strict=True) if a != b]
    assert table.loc["memory of 4 years", "most_flipped_years"] == ", ".join(expected)


def test_contested_rows_are_all_in_the_ledger(default):
    assert set(CONTESTED_IDS) <= {event.id for event in default.events}
    assert len(set(CONTESTED_IDS)) == len(CONTESTED_IDS)


def test_1969_stays_rupture_without_its_contested_rows(default):
    settled = [event for event in default.events if event.id not in CONTESTED_IDS]
    assert yearly_codes(settled, 1969, 1969) == [0]


@pytest.mark.parametrize("bad", [{"draws": 0}, {"seed": -1}])
def test_impossible_settings_are_refused(evidences, bad):
    with pytest.raises(OutcomeError, match="at least one draw"):
        rule_robustness(*evidences, **bad)


def test_evidence_of_different_days_is_refused(evidences):
    with pytest.raises(OutcomeError, match="one date for all three"):
        rule_robustness(evidences[0], evidences[1].visible(date(2020, 12, 31)), evidences[2])
