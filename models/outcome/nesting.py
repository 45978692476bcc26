"""Which signposts answer others: where the rows and days that settle one are some of those that settle the other."""

from __future__ import annotations

from datetime import date

from models.outcome.signpost_list import Rule, Signpost


def rows_within(inner: Rule, outer: Rule) -> bool:
    """Whether every row that `inner` counts is counted by `outer`: set by set, whatever happened."""
    columns = ("event_types", "domains", "mechanisms", "initiators", "targets")
    return (
        all(_some_of(getattr(inner, column), getattr(outer, column)) for column in columns)
        and outer.min_intensity <= inner.min_intensity
        and inner.max_intensity <= outer.max_intensity
        and inner.context_counts <= outer.context_counts
        and _keywords_within(inner.keywords, outer.keywords)
    )


def entails(first: Signpost, second: Signpost, after: date | None = None) -> bool:
    """Whether a yes to `first` cannot come without a yes to `second`.

    Parameters
    ----------
    after : date, optional
        A day on which neither had an answer: what settles a question that one row settles then comes later, and only
        the rest of its window need lie in the other's.
    """
    if first.rule.none_expected != second.rule.none_expected or first.id == second.id:
        return False
    inner, outer = (second, first) if first.rule.none_expected else (first, second)
    return _enough(inner, outer, after)


def excludes(first: Signpost, second: Signpost, after: date | None = None) -> bool:
    """Whether the two cannot both be answered with yes: the rows of one would end the absence that the other asks for.

    The order does not matter; `after` as in `entails`.
    """
    if first.rule.none_expected == second.rule.none_expected:
        return False
    acts, absence = (second, first) if first.rule.none_expected else (first, second)
    return _enough(acts, absence, after)


def _enough(inner: Signpost, outer: Signpost, after: date | None = None) -> bool:
    """Whether the rows that fulfil the one rule in its window are enough for the other's."""
    opens = max(inner.opens, after) if after and inner.rule.min_count == 1 else inner.opens
    return (
        outer.opens <= opens
        and inner.deadline <= outer.deadline
        and outer.rule.min_count <= inner.rule.min_count
        and rows_within(inner.rule, outer.rule)
    )


def _some_of(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    return not outer or (bool(inner) and set(inner) <= set(outer))


def _keywords_within(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    """A summary with any of `inner` has one of `outer`: where each holds one of them as a part."""
    held = (any(part.casefold() in word.casefold() for part in outer) for word in inner)
    return not outer or (bool(inner) and all(held))
