"""How good saved forecasts were, live ones and hindcasts apart, and what settled signposts taught: values and lines.

pandas and the scoring rules are loaded only once scores are asked for.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from models.storage.safe_csv import plain_rows

if TYPE_CHECKING:
    import pandas as pd

    from data.digest import Fields
    from models.record.contents import Documents
    from models.record.entries import SavedForecast
    from models.record.listing import Listing
    from models.track.learned import Behind

MEANING = (
    "Scores are penalties, lower is better: ranked probability (rps), Brier, log. The index is the ranked score as 0 "
    "(the worst possible), 50 (the base rate at the default assumptions) to 100 (perfect)."
)
LEARNED = (
    "What signposts taught, in thousandths of a ranked score: expected before the answer, moved by it, gained once the "
    "year-end is resolved."
)
type Told = tuple[Fields, list[str]]
"""Values for JSON, and lines for people."""
type Tell = Callable[[str], None]


def scores(opened: Documents, listing: Listing, today: date, tell: Tell) -> Told:
    """Mean scores of what is resolved.

    Parameters
    ----------
    opened : Documents
        The record, whose stored draws are asked about signposts that were answered since: some seconds each.
    today : date
        In UTC.
    tell : callable
        Told a sentence before each of these.
    """
    values, lines, scored = _states(listing, today)
    for more, said in (_means(listing, today), _signposts(listing, today), _learned(opened, listing, today, tell)):
        values |= more
        lines += said
    return values, [*lines, MEANING if scored else "Nothing is resolved yet, so nothing is scored."]


def _states(listing: Listing, today: date) -> tuple[Fields, list[str], bool]:
    """The states at year-ends; whether anything is scored."""
    from models.track.asked import asked_under
    from models.track.scored_table import scored_table
    from models.track.track_record import BY_HORIZON, BY_VARIANT, NOWCAST, counts, paired, summary

    remarks = list(itertools.chain(*listing.remarks.values()))
    table = scored_table(listing.forecasts, listing.resolutions, today, remarks)
    pairs = paired(table)
    standing, scores = counts(table), summary(pairs, BY_VARIANT)
    begun = summary(pairs[pairs["horizon"] == NOWCAST], BY_HORIZON)
    lines = [
        f"{row.mark:8} {asked_under(row.rule)} {row.status:9} {row.dates} year-ends, {row.targets} targets of "
        f"{row.forecasts} forecasts"
        for row in standing.itertuples()
    ]
    lines += [
        f"{row.mark:8} {asked_under(row.rule)} {row.assumptions[:8]} {row.score:5} {row.ours:.3f}  "
        f"base rate {row.base_rate:.3f}  default {row.default:.3f}  "
        f"against the base rate: {row.verdict_base_rate} ({row.dates} year-ends){_index(row)}"
        for row in scores.itertuples()
    ]
    lines += [
        f"{row.mark:8} {asked_under(row.rule)} the year that had begun, all settings {row.score:5} {row.ours:.3f}  "
        f"base rate {row.base_rate:.3f} ({row.dates} year-ends)"
        for row in begun.itertuples()
    ]
    values = {"counts": plain_rows(standing), "scores": plain_rows(scores)}
    return values | ({"year_that_had_begun": plain_rows(begun)} if len(begun) else {}), lines, bool(len(scores))


def _index(row: object) -> str:
    known = not math.isnan(row.index_of_100)
    return f"; index {row.index_of_100:.0f} ({row.index_low:.0f} to {row.index_high:.0f})" if known else ""


def _means(listing: Listing, today: date) -> Told:
    """The years' own means: mean scores, a row for each mark, rule, setting and model."""
    from models.track.asked import asked_under
    from models.track.track_record import NOWCAST
    from models.track.year_table import year_table

    remarks = list(itertools.chain(*listing.remarks.values()))
    years = year_table(listing.forecasts, listing.resolutions, today, remarks)
    means = _mean_scores(years[years["horizon"] != NOWCAST])
    lines = [
        f"{row.mark:8} {asked_under(row.rule)} {row.assumptions[:8]} {row.model_id}: own means, CRPS {row.crps:.3f}, "
        f"three words {row.word_rps:.3f} ({row.years} years, {row.targets} targets)"
        for row in means.itertuples()
    ]
    return {"year_means": plain_rows(means)}, lines


def _mean_scores(table: pd.DataFrame) -> pd.DataFrame:
    done = table[table["crps"].notna()]
    groups = done.groupby(["mark", "rule", "assumptions", "model_id"], sort=True)
    means = groups.agg(
        crps=("crps", "mean"),
        word_rps=("word_rps", "mean"),
        years=("target_year", "nunique"),
        targets=("digest", "size"),
    )
    return means.reset_index()


def _signposts(listing: Listing, today: date) -> Told:
    """Chances of signposts beside each rule's own past."""
    from models.track.signpost_table import signpost_scores, signpost_table

    scores = signpost_scores(signpost_table(listing.forecasts, listing.resolutions, today))
    lines = [
        f"{row.mark:8} signposts {row.assumptions[:8]} {row.score:5} {row.ours:.3f}  own years since 1992 "
        f"{row.expanding:.3f} ({row.verdict_expanding})  last ten {row.ten_years:.3f} ({row.verdict_ten_years}); "
        f"{row.questions} questions of {row.origins} years"
        for row in scores.itertuples()
    ]
    return {"signposts": plain_rows(scores)} if len(scores) else {}, lines


def _learned(opened: Documents, listing: Listing, today: date, tell: Tell) -> Told:
    """What settled signposts taught, from the draws of the forecasts that gave them a chance."""
    from models.track.asked import asked_under
    from models.track.learned import behind, learned_summary, learned_table, waiting_signposts

    def asked(saved: SavedForecast) -> Behind:
        tell(f"Asking the draws of entry {saved.sequence}.")
        return behind(opened, saved)

    table = learned_table(listing.forecasts, listing.resolutions, today, asked)
    means, waiting = learned_summary(table), waiting_signposts(listing.forecasts, listing.resolutions)
    lines = [
        f"{row.mark:8} {asked_under(row.rule)} answers {row.answers}, of years {row.origins}: expected "
        f"{1000 * row.expected:.1f}, moved {1000 * row.moved:.1f}{_gained(row)}"
        for row in means.itertuples()
    ]
    lines += [f"answers without a worth {why}: {count}" for why, count in _without(table).items()]
    lines += [f"signposts that wait for an answer: {waiting}"] if waiting else []
    more = (
        {"signposts_taught": plain_rows(means), "signposts_taught_each": plain_rows(_dated(table))}
        if len(table)
        else {}
    )
    return more, [LEARNED, *lines] if len(table) else lines


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    """Moments and days as texts."""
    days = {name: table[name].dt.date.map(str) for name in ("origin", "deadline")}
    return table.assign(saved_at=[moment.isoformat() for moment in table["saved_at"]], **days)


def _gained(row: object) -> str:
    if not row.scored:
        return "; no year-end of theirs is resolved"
    return (
        f"; of {row.scored} scored, expected {1000 * row.expected_scored:.1f}, gained {1000 * row.gained:.1f} "
        f"(Monte Carlo error {1000 * row.error:.1f}): {row.verdict} ({row.dates} year-ends)"
    )


def _without(table: pd.DataFrame) -> dict[str, int]:
    """How many answers have no worth, by why."""
    bare = table[table["why"] != ""].drop_duplicates(["digest", "signpost"])
    return {f"({why})": int(count) for why, count in bare["why"].value_counts(sort=False).items()}
