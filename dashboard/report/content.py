"""The one-page report as plain texts: what it says, before anything lays it out. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date

import pandas as pd

from dashboard.wording.chances import Chance, doubt_sentence
from dashboard.wording.days import HINDCAST_MARK, has_come
from dashboard.wording.forecast import WEIGHT_STATUS, headline
from dashboard.wording.labels import STATE_LABELS, date_text
from dashboard.wording.numerals import minus
from dashboard.wording.record import rule_note
from dashboard.wording.table import readings
from data.days import horizons_from, year_end
from data.digest import Fields
from data.values import frozen
from models.assumptions.knobs import Knobs
from models.forecast.cells import cells
from models.names import MODEL_MIXTURE, STATES, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE
from models.record.entries import HINDCAST, LIVE, SavedForecast
from models.snapshot.value import Snapshot
from models.text.visible import isolated, spelled_out
from models.track.marks import mark
from models.weighting.status import Status

HEADLINE = 2
"""Place of the headline's year-end among those forecast: the third ahead."""
SHORT = 12
ELLIPSIS = "…"
QUESTIONS = (
    *((TARGET_STATE, state, STATE_LABELS[state]) for state in STATES),
    (TARGET_RUPTURE, "yes", "Rupture at least once by then"),
    (TARGET_DEEPER, "yes", "Deeper at least once by then"),
)
COMPARED = "Before an arrow: the starting view, with every assumption at its default."
WHOLE = "The snapshot of this forecast holds every number, and all that is needed to get them again."
LIGHT = "The snapshot of this forecast holds every number; the draws behind them are in the program that made it."
POOR = "Not to be quoted: these assumptions are too far from all stored fits for re-weighting; a refit is needed."


@frozen
class Limits:
    """How much text a page has room for.

    Attributes
    ----------
    rows : int
        Changed assumptions that are listed; the rest is in the snapshot.
    letters : int
        Of a reason, and of a name.
    """

    rows: int
    letters: int


@frozen(eq=False)
class Beside:
    """What a report shows beside its forecast, where whoever asks for it has it.

    Attributes
    ----------
    horizon : int or None
        The year-end that is looked at, as years after the reference date's own; None is the headline's.
    usual : DataFrame or None
        Results table of the starting view on the same evidence, where the setting differs from it.
    path : Mapping or None
        The chart of the alignment's history and future.
    path_sentence : str
        What that shows.
    without : str
        Why there is no starting view, where the setting differs from it and none can be had.
    """

    horizon: int | None = None
    usual: pd.DataFrame | None = None
    path: Fields | None = None
    path_sentence: str = ""
    without: str = ""


ALONE = Beside()


@frozen
class Row:
    """One line of the table of probabilities: a cell a year-end; `was` is the starting view's per cent, where it
    differs."""

    label: str
    cells: tuple[Chance, ...]
    was: tuple[str, ...]
    window: bool


@frozen
class Changed:
    """One assumption that stands away from its default."""

    label: str
    value: str
    default: str
    reason: str


@frozen
class Content:
    """Everything that the report says.

    Attributes
    ----------
    mark : str
        Live, hindcast or not saved, with name, author and time.
    hindcast : bool
        Whether the whole report was drawn after the fact.
    years : tuple of str
        Heads of the table's columns, with a mark where the day had come before the forecast was saved.
    more : str
        What was left out for want of room, and where it is.
    """

    title: str
    mark: str
    hindcast: bool
    headline: str
    years: tuple[str, ...]
    rows: tuple[Row, ...]
    table_note: str
    changed: tuple[Changed, ...]
    changed_note: str
    reliability: str
    limits: tuple[str, ...]
    digests: tuple[tuple[str, str], ...]
    check: str


def headline_horizon(reference: date, beside: Beside = ALONE) -> int:
    """Which year-end the headline and the chart of the models are about, as years after the reference date's own: the
    one that is looked at, if the forecast has it."""
    ahead = horizons_from(reference)
    return beside.horizon if beside.horizon in ahead else ahead[HEADLINE]


def content(
    snapshot: Snapshot,
    knobs: Knobs,
    made_on: date,
    saved: SavedForecast | None = None,
    room: Limits | None = None,
    beside: Beside = ALONE,
) -> Content:
    """Put a snapshot into words.

    Parameters
    ----------
    made_on : date
        Day of saving, or of the report where nothing was saved: days that had come by then are marked.
    knobs : Mapping[str, Knob]
        The present knobs, for their labels and defaults; one that is gone goes by its key.
    saved : SavedForecast, optional
        The entry of the record, under the name that it is shown by.
    room : Limits, optional
        Without it nothing is shortened.
    beside : Beside, optional
        What it is compared with, and which year-end is looked at.
    """
    table = snapshot.table
    ends = [year_end(snapshot.reference_date, horizon) for horizon in horizons_from(snapshot.reference_date)]
    marked = [mark(saved, end) == HINDCAST if saved else has_come(end, made_on) for end in ends]
    listed, note = _changed(snapshot, knobs, room)
    return Content(
        title=f"China–Russia space relationship: forecast from {date_text(snapshot.reference_date)}",
        mark=_mark(saved, room, any(marked)),
        hindcast=all(marked),
        headline=headline(table, headline_horizon(snapshot.reference_date, beside), made_on),
        years=tuple(f"{end.year}{f' {HINDCAST_MARK}' if late else ''}" for end, late in zip(ends, marked, strict=True)),
        rows=tuple(_row(table, beside.usual, *question) for question in QUESTIONS),
        table_note=" ".join(
            filter(None, (_table_note(saved, any(marked)), COMPARED if beside.usual is not None else beside.without))
        ),
        changed=listed,
        changed_note=note,
        reliability=_reliability(snapshot, table),
        limits=_limits(snapshot),
        digests=_digests(snapshot, saved),
        check=f"{WHOLE if snapshot.inputs else LIGHT} Check it offline with: python -m models snapshot verify FILE",
    )


def shortened(text: str, letters: int) -> str:
    """One line of at most so many letters, with an ellipsis where something was cut."""
    line = " ".join(spelled_out(text).split())
    return isolated(line if len(line) <= letters else line[: letters - 1].rstrip() + ELLIPSIS)


def _mark(saved: SavedForecast | None, room: Limits | None, some_late: bool) -> str:
    if saved is None:
        return "Not saved in a record: nothing proves when this forecast was made."
    letters = room.letters if room else max(len(saved.name), len(saved.author), 1)
    by = f"“{shortened(saved.name, letters)}” by {shortened(saved.author, letters)}"
    kind = f"Live forecast (hindcast where marked {HINDCAST_MARK})" if some_late else "Live forecast"
    if saved.counts_as != LIVE:
        kind = "Hindcast, drawn after the fact:"
    when = saved.saved_at.astimezone(UTC)
    return f"{kind} {by}, saved {date_text(when.date())} {when:%H:%M} UTC, entry {saved.digest[:SHORT]}"


def _row(table: pd.DataFrame, usual: pd.DataFrame | None, target: str, outcome: str, label: str) -> Row:
    cells = _cells(table, target, outcome)
    was = [""] * len(cells) if usual is None else [cell.percent for cell in _cells(usual, target, outcome)]
    differs = tuple("" if old == cell.percent else old for old, cell in zip(was, cells, strict=True))
    return Row(label=label, cells=cells, was=differs, window=target != TARGET_STATE)


def _cells(table: pd.DataFrame, target: str, outcome: str) -> tuple[Chance, ...]:
    return tuple(one.chance for one in readings(table, target, MODEL_MIXTURE) if one.outcome == outcome)


def _table_note(saved: SavedForecast | None, some_late: bool) -> str:
    note = (
        "The state on 31 December of each year, by the published mixture of models: word, chance, and the 5 to 95 % "
        "range of that chance, from what the models are unsure of. “By then” counts every year-end on "
        "the way."
    )
    if not some_late:
        return note
    if saved is None:
        return f"{note} {HINDCAST_MARK} That day had come when this report was made: a hindcast."
    if saved.counts_as != LIVE:
        return f"{note} {HINDCAST_MARK} Drawn after the fact: a hindcast."
    return f"{note} {HINDCAST_MARK} That day had come when this was saved: a hindcast, as is every “by then” here."


def _changed(snapshot: Snapshot, knobs: Knobs, room: Limits | None) -> tuple[tuple[Changed, ...], str]:
    setting, reasons = snapshot.assumptions, snapshot.assumptions.reasons
    if not setting.changed:
        return (), "All assumptions stand at their defaults."
    listed = [_one_changed(key, setting.values[key], reasons.get(key, ""), knobs) for key in setting.changed]
    if room is None:
        return tuple(replace(changed, reason=isolated(changed.reason)) for changed in listed), ""
    kept = tuple(_cut(changed, room.letters) for changed in listed[: room.rows])
    left = len(listed) - len(kept)
    cut = any(ELLIPSIS in changed.reason for changed in kept)
    more = f"{left} more assumption{'s' * (left > 1)} and every reason in full are in the snapshot." if left else ""
    return kept, more or ("Every reason in full is in the snapshot." if cut else "")


def _one_changed(key: str, value: float, reason: str, knobs: Knobs) -> Changed:
    knob = knobs.get(key)
    return Changed(
        label=knob.label if knob else key,
        value=minus(f"{value:g}"),
        default=minus(f"{knob.default:g}") if knob else "none now",
        reason=" ".join(reason.split()) or "no reason given",
    )


def _cut(changed: Changed, letters: int) -> Changed:
    return Changed(
        label=changed.label, value=changed.value, default=changed.default, reason=shortened(changed.reason, letters)
    )


def _reliability(snapshot: Snapshot, table: pd.DataFrame) -> str:
    status, failed = snapshot.reliability.status, [check.name for check in snapshot.diagnostics if not check.passed]
    worst = cells(table).worst_error
    checks = f"Checks FAILED: {', '.join(failed)}." if failed else "All acceptance checks of the stored fits passed."
    return f"{POOR if status == Status.POOR else WEIGHT_STATUS[status]} {doubt_sentence(worst)} {checks}"


def _limits(snapshot: Snapshot) -> Sequence[str]:
    day, asked = date_text(snapshot.reference_date), rule_note(snapshot.rule.digest, snapshot.rule.version)
    return (
        *([asked] if asked else []),
        f"Nothing that happened after {day} was seen, and what never became public was never seen.",
        "The states are labels that a fixed rule reads from a hand-made ledger of dated acts: they say how the two "
        "behave towards each other in public, not what either intends.",
        "The ranges cover what the models are unsure of, not what all of them leave out; some seventy labelled years "
        "of two countries are too few to show that a tenth of a point is right.",
        "The assumptions are judgements. Other settings give other numbers, and none is proved by being shown here.",
    )


def _digests(snapshot: Snapshot, saved: SavedForecast | None) -> tuple[tuple[str, str], ...]:
    digests = {
        "Snapshot": snapshot.digest,
        "Evidence": snapshot.evidence.digest,
        "Assumptions": snapshot.assumptions.digest,
        "Library": snapshot.library.key,
        "Rule": snapshot.rule.digest,
        "Model": snapshot.model.digest,
        **({"Entry": saved.digest} if saved else {}),
    }
    return tuple((name, digest[:SHORT]) for name, digest in digests.items())
