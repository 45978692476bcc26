"""Two snapshots side by side: which probabilities moved, by more than the simulations' own error, and why."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from data.values import frozen
from models.names import MCSE, MODEL_MIXTURE, PMF, TARGET_YEAR_WORD
from models.snapshot.parts import UsedLibrary, Version
from models.snapshot.value import Snapshot
from models.weighting.status import Status

QUESTION = ["model_id", "target", "target_end_date", "output_type_id"]
"""Two rows answer one question when these agree: the day that is asked about counts, not how far off it was."""
COLUMNS = [*QUESTION, "old", "new", "difference", "error", "beyond_error"]
ERROR_FACTOR = 4.0
"""Chance exceeds four standard errors once in 16,000 comparisons: among some two hundred rows, almost never."""
ROUNDING = 2e-6
"""Two units of the last published decimal, which the likeliest outcome may be off (`models.rounding`)."""
LISTED = 10


@frozen
class Change:
    """Something that stands differently in the two snapshots.

    Attributes
    ----------
    kind : str
        "reference date", "ledger row", "indicator", "claim", "outcome rule", "model", "assumption", "reason",
        "library", "weighting", "seed", "package", "model weight", "diagnostics" or "questions".
    name : str
        Which one: an event id, a knob's key, a package.
    old, new : str
        Values as text; empty where there is none.
    """

    kind: str
    name: str
    old: str
    new: str

    @property
    def sentence(self) -> str:
        """The change in plain language."""
        if self.kind == "questions":
            return f"Not every question is in both: {self.old} in the older alone, {self.new} in the newer alone."
        what = f"The {self.kind} {self.name}".rstrip()
        if self.kind in ROW_KINDS:
            return f"{what} {'was added' if not self.old else 'is gone' if not self.new else 'changed'}."
        if not self.old or not self.new:
            return f"{what} {'is new' if not self.old else 'is gone'}: {self.old or self.new}."
        return f"{what} was {self.old} and is {self.new}."


ROW_KINDS = ("ledger row", "indicator", "claim")
HARMLESS_KINDS = ("reason", "package", "diagnostics")
"""What can differ without moving a number by more than rounding."""


@frozen(eq=False)
class Comparison:
    """What became of the old snapshot's numbers.

    Attributes
    ----------
    rows : DataFrame
        One row for each question that both answer: `COLUMNS`. ``error`` is the combined Monte Carlo standard error,
        ``beyond_error`` whether the difference is larger than four of them.
    changes : tuple of Change
        Everything that differs, causes first.
    explanation : tuple of str
        The same in sentences: how far the numbers moved, then why.
    """

    rows: pd.DataFrame
    changes: tuple[Change, ...]
    explanation: tuple[str, ...]

    @property
    def same_numbers(self) -> bool:
        """Whether every shared number is the same up to rounding and no question is missing on either side."""
        missing = any(change.kind == "questions" for change in self.changes)
        return not missing and not (self.rows["difference"].abs() > ROUNDING).any()


def compare(old: Snapshot, new: Snapshot) -> Comparison:
    """Compare an older snapshot with a newer one, or an imported one with the present numbers."""
    rows = _rows(old, new)
    changes = tuple(_changes(old, new, rows))
    return Comparison(rows=rows, changes=changes, explanation=(*_question(old, new), *_explanation(rows, changes)))


def _question(old: Snapshot, new: Snapshot) -> Iterator[str]:
    if old.rule.digest != new.rule.digest:
        yield question_changed(old, new)


def question_changed(old: Snapshot, new: Snapshot) -> str:
    """That two snapshots ask different questions, in a sentence."""
    return (
        f"The question changed: the older forecast was asked under {old.rule.version}, the newer one under "
        f"{new.rule.version}, so that a state of the one is not the same event as that of the other."
    )


def _rows(old: Snapshot, new: Snapshot) -> pd.DataFrame:
    words = old.tone == new.tone and old.rule.digest == new.rule.digest
    both = _answers(old, words=words).merge(
        _answers(new, words=words), on=QUESTION, suffixes=("_old", "_new"), sort=False
    )
    error = np.hypot(both["error_old"], both["error_new"])
    difference = both["value_new"] - both["value_old"]
    return pd.DataFrame(
        {
            **{column: both[column] for column in QUESTION},
            "old": both["value_old"],
            "new": both["value_new"],
            "difference": difference,
            "error": error,
            "beyond_error": difference.abs() > np.maximum(ERROR_FACTOR * error, ROUNDING),
        },
        columns=COLUMNS,
    )


def _answers(snapshot: Snapshot, *, words: bool) -> pd.DataFrame:
    """Probabilities with their Monte Carlo error; one without an error of its own (the "no" of a yes) has its yes's.

    Parameters
    ----------
    words : bool
        Whether a year's word is the same question on both sides: it is held against the tone at the reference date.
    """
    table = snapshot.table
    if not words:
        table = table[table["target"] != TARGET_YEAR_WORD]
    keys = QUESTION[:-1]
    values = table.loc[table["output_type"] == PMF, [*QUESTION, "value"]]
    errors = table.loc[table["output_type"] == MCSE, [*QUESTION, "value"]].rename(columns={"value": "error"})
    joined = values.merge(errors, on=QUESTION, how="left", sort=False)
    shared = joined[keys].merge(errors.groupby(keys, as_index=False)["error"].max(), on=keys, how="left", sort=False)
    return joined.assign(error=joined["error"].fillna(shared["error"]).fillna(0.0))


def _changes(old: Snapshot, new: Snapshot, rows: pd.DataFrame) -> Iterator[Change]:
    yield from _differences("reference date", {"": str(old.reference_date)}, {"": str(new.reference_date)})
    for kind, field in zip(ROW_KINDS, ("events", "indicators", "claims"), strict=True):
        yield from _differences(kind, getattr(old.evidence, field), getattr(new.evidence, field))
    yield from _version_changes("outcome rule", old.rule, new.rule)
    yield from _version_changes("model", old.model, new.model)
    yield from _differences("assumption", _texts(old.assumptions.values), _texts(new.assumptions.values))
    yield from _differences("model weight", _texts(old.model_weights), _texts(new.model_weights))
    yield from _library_changes(old.library, new.library)
    yield from _weighting_changes(old, new)
    yield from _differences("seed", _texts(old.seeds), _texts(new.seeds))
    yield from _package_changes(old, new)
    reasons = [_prefixed("for", _quoted(snapshot.assumptions.reasons)) for snapshot in (old, new)]
    yield from _differences("reason", *reasons)
    yield from _question_changes(old, new, rows)


def _differences(kind: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in (*old, *(name for name in new if name not in old)):
        before, after = old.get(name, ""), new.get(name, "")
        if before != after:
            yield Change(kind=kind, name=name, old=before, new=after)


def _texts(values: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{value:.10g}" for name, value in values.items()}


def _version_changes(kind: str, old: Version, new: Version) -> Iterator[Change]:
    if old != new:
        same = old.version == new.version
        texts = [
            f"{either.version} with constants {either.digest[:8]}" if same else either.version for either in (old, new)
        ]
        yield Change(kind=kind, name="", old=texts[0], new=texts[1])


def _library_changes(old: UsedLibrary, new: UsedLibrary) -> Iterator[Change]:
    """The keys follow from evidence, rule and model too, which are told above."""
    if old.key == new.key:
        return
    yield Change(kind="library", name="", old=old.key[:12], new=new.key[:12])
    yield from _differences("library", {"size": f"{old.draws} draws"}, {"size": f"{new.draws} draws"})
    yield from _differences("library", _fits(old), _fits(new))


def _fits(library: UsedLibrary) -> dict[str, str]:
    return _prefixed(
        "fit", {anchor.name: f"{anchor.fit_key[:12]} with seed {anchor.seed}" for anchor in library.anchors}
    )


def _weighting_changes(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """Until version 1 every coefficient was weighted: noisier, so that the same draws gave slightly other numbers."""
    older = [snapshot.reliability.log_support is None for snapshot in (old, new)]
    weighted = any(snapshot.reliability.weights != Status.EXACT for snapshot in (old, new))
    if older[0] != older[1] and weighted:
        texts = ["that of version 1" if first else "that of version 2" for first in older]
        yield Change(kind="weighting", name="", old=texts[0], new=texts[1])


def _quoted(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: f"“{' '.join(text.split())}”" for name, text in texts.items()}


def _prefixed(word: str, values: Mapping[str, str]) -> dict[str, str]:
    return {f"{word} {name}": value for name, value in values.items()}


def _package_changes(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    yield from _differences("package", old.packages, new.packages)
    sampler = [_prefixed("of the sampler,", snapshot.library.packages) for snapshot in (old, new)]
    yield from _differences("package", *sampler)
    checks = [", ".join(c.name for c in s.diagnostics if not c.passed) or "all passed" for s in (old, new)]
    yield from _differences("diagnostics", {"": checks[0]}, {"": checks[1]})


def _question_changes(old: Snapshot, new: Snapshot, rows: pd.DataFrame) -> Iterator[Change]:
    counts = [sum(row[5] == PMF for row in snapshot.results) - len(rows) for snapshot in (old, new)]
    if any(counts):
        texts = [str(count) for count in counts]
        yield Change(kind="questions", name="", old=texts[0], new=texts[1])


def _explanation(rows: pd.DataFrame, changes: tuple[Change, ...]) -> Iterator[str]:
    yield _numbers_sentence(rows)
    for kind in dict.fromkeys(change.kind for change in changes):
        sentences = [change.sentence for change in changes if change.kind == kind]
        yield from sentences[:LISTED]
        if len(sentences) > LISTED:
            yield f"And {len(sentences) - LISTED} more changes of this kind ({kind})."
    moved = (rows["difference"].abs() > ROUNDING).any()
    if moved and all(change.kind in HARMLESS_KINDS for change in changes):
        yield (
            "Nothing that the snapshots record explains the difference: evidence, rule, model, library and assumptions "
            "are the same. One of the two was changed by hand, or packages differ more than they should."
        )
    if not changes and not moved:
        yield "Evidence, rule, model, library and assumptions are the same."


def _numbers_sentence(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "The two snapshots have no question in common."
    if rows["difference"].abs().max() <= ROUNDING:
        return f"All {len(rows)} shared probabilities are the same."
    published = rows[rows["model_id"] == MODEL_MIXTURE]
    largest = rows.loc[(published if len(published) else rows)["difference"].abs().idxmax()]
    beyond = int(rows["beyond_error"].sum())
    return (
        f"{beyond} of {len(rows)} shared probabilities moved by more than the simulations' own error; the largest move "
        f"is {largest['output_type_id']} ({largest['target']}, {largest['target_end_date']}, {largest['model_id']}): "
        f"{largest['old']:.4f} → {largest['new']:.4f}, {largest['difference']:+.4f} "
        f"(combined Monte Carlo error {largest['error']:.4f})."
    )
