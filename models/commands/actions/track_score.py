"""`track score`: how good saved forecasts were, live ones and hindcasts apart, and what settled signposts taught."""

from __future__ import annotations

import argparse
import itertools
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from models.commands.options.line import answer, note
from models.commands.options.runs import plain_rows
from models.errors import RecordError

if TYPE_CHECKING:
    import pandas as pd

    from data.digest import Fields
    from models.record.contents import Documents
    from models.record.entries import SavedForecast
    from models.record.listing import Listing
    from models.record.store import Record
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


def run_score(args: argparse.Namespace) -> int:
    """Print mean scores, live forecasts and hindcasts apart."""
    with _opened(args) as (opened, listing):
        today = args.context.today()
        values, lines, scored = _states(listing, today)
        for more, said in (_means(listing, today), _signposts(listing, today), _learned(opened, listing, today)):
            values |= more
            lines += said
    lines.append(MEANING if scored else "Nothing is resolved yet, so nothing is scored.")
    return answer(args, values, "\n".join(lines))


@contextmanager
def _opened(args: argparse.Namespace) -> Iterator[tuple[Documents, Listing]]:
    """The record that was asked for."""
    from models.record.listing import read_listing
    from models.record.store import Record

    if args.published and args.record:
        raise RecordError("got --record and --published, which name two records; give one of them")
    if args.published:
        from models.published.place import ProjectRecord

        with ProjectRecord().read() as opened:
            yield opened, read_listing(opened, opened.head)
        return
    with Record.open(args.record) as record:
        yield record, whole(record)


def whole(record: Record) -> Listing:
    """What the record holds, of which nothing may be missing.

    Raises
    ------
    RecordError
    """
    from models.record.listing import read_listing

    listing = read_listing(record, record.head)
    listing.require_whole()
    return listing


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


def _learned(opened: Documents, listing: Listing, today: date) -> Told:
    """What settled signposts taught, from the draws of the forecasts that gave them a chance."""
    from models.track.asked import asked_under
    from models.track.learned import behind, learned_summary, learned_table, waiting_signposts

    def asked(saved: SavedForecast) -> Behind:
        note(f"Asking the draws of entry {saved.sequence}.")
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
