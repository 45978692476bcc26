"""History replayed into the record: forecasts as of each past year-end, resolved a year later, hindcasts throughout.

The fits behind them take minutes (`models.track.replay_fits`), so their snapshots are archived in docs/replay, light:
they hold every number and every digest, but not the draws.
"""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from data.days import last_whole_year
from data.types import Event, Evidence
from models.assumptions.setting import Assumptions
from models.errors import OutcomeError, RecordError, SnapshotError
from models.forecast.results import make_forecast
from models.library.structures import knobs_behind
from models.names import HORIZONS
from models.outcome.rule import RULE, rule_of
from models.record.entries import HINDCAST, Draft, SavedForecast
from models.record.entry_checks import STATE
from models.record.resolutions import Resolution, ResolutionDraft
from models.record.store import Record
from models.snapshot.document import read_document
from models.snapshot.inputs import read_inputs
from models.snapshot.value import Snapshot, build_snapshot
from models.storage.disk import Files, explained, read_limited, write_atomically
from models.storage.zips import ZipRules, declaration
from models.track.asked import asked, by_question, question_key
from models.track.marks import REPLAYED_BY, is_replay
from models.track.resolution import due

ORIGINS = tuple(range(2005, 2025))
"""Year-ends that are forecast from: the drivers have fifteen years of figures from 2005 on (docs/decisions/0006), and
the year after 2024 is the last whole one that the ledger holds."""
ARCHIVE = Path(__file__).parents[2] / "docs" / "replay" / "snapshots.zip"
MAX_ARCHIVE_BYTES = 2**20
MAX_DOCUMENT_BYTES = 2**20
NOTE = (
    "A hindcast: computed long after its year-ends from rows and figures dated up to its reference date, as they are "
    "known today, by a rule, models, weights and priors that were chosen by people who knew what followed."
)
_REBUILD = "rebuild it with `python -m models track replay --refit`"
RULES = ZipRules(
    files=len(ORIGINS),
    unpacked=len(ORIGINS) * MAX_DOCUMENT_BYTES,
    advice=_REBUILD,
    damaged="the replay archive is damaged",
    place="the replay archive",
    error=SnapshotError,
)

type OnOrigin = Callable[[int, int, str], None]
"""Told how many year-ends are done, how many there are, and a sentence."""


def replayed(inputs: Files, *, light: bool = False) -> Snapshot:
    """The snapshot of stored inputs under the default assumptions of their time; a light one does not name them.

    Raises
    ------
    SnapshotError
    """
    evidence, library = read_inputs(inputs)
    setting = Assumptions(knobs=knobs_behind(library.provenance.rule, evidence.claims))
    forecast = make_forecast(evidence, library, setting)
    return build_snapshot(evidence, library, forecast, setting, None if light else inputs)


def append(
    record: Record,
    past: Mapping[int, tuple[Snapshot, Files]],
    evidence: Evidence,
    doubtful: tuple[Event, ...] = (),
    on_origin: OnOrigin = lambda *_: None,
) -> tuple[int, int]:
    """Save past forecasts in the order of their reference dates, and resolve each year-end when it comes.

    Those that the record already holds are left out, so that a replay that was stopped can be taken up again.

    Parameters
    ----------
    past : Mapping
        Snapshot and its inputs (or none) by reference year.
    evidence : Evidence
        All of it: what happened.

    Returns
    -------
    tuple of int
        Forecasts saved and questions resolved now.

    Raises
    ------
    RecordError
        A snapshot is not of that year-end, or not at the default assumptions.
    """
    saved, answers = list(record.forecasts()), list(record.resolutions())
    before = len(saved), len(answers)
    for done, (year, (snapshot, inputs)) in enumerate(sorted(past.items()), start=1):
        _require_replayed(snapshot, year)
        answers += _resolved(record, evidence.visible(date(year, 12, 31)), saved, answers, doubtful)
        if not any(_same(forecast, snapshot) for forecast in saved):
            draft = Draft(name=f"Replay of the end of {year}", author=REPLAYED_BY, note=NOTE, kind=HINDCAST)
            saved.append(record.save(draft, snapshot, inputs))
        on_origin(done, len(past), f"Forecast from the end of {year}.")
    answers += _resolved(record, evidence, saved, answers, doubtful)
    return len(saved) - before[0], len(answers) - before[1]


def missing_origins(forecasts: Iterable[SavedForecast]) -> tuple[int, ...]:
    """Year-ends that a record holds no replayed forecast from."""
    there = {saved.reference_date.year for saved in forecasts if is_replay(saved)}
    return tuple(year for year in ORIGINS if year not in there)


def answers_to_come(
    forecasts: Iterable[SavedForecast], resolutions: Iterable[Resolution], evidence: Evidence, years: Iterable[int]
) -> int:
    """How many year-ends a replay from the ends of `years` would resolve beside what a record answers already."""
    pairs = {(year + ahead, RULE.digest) for year in years for ahead in HORIZONS} | set(asked(forecasts))
    answered, last = by_question(resolutions), last_whole_year(evidence.as_of)
    return sum(year <= last and (STATE, str(year), rule) not in answered for year, rule in pairs)


def resolve_due(
    record: Record, evidence: Evidence, today: date, doubtful: tuple[Event, ...] = ()
) -> tuple[Resolution, ...]:
    """Write every resolution that can be written now."""
    drafts = due(evidence, today, record.forecasts(), record.resolutions(), doubtful)
    return tuple(record.resolve(draft) for draft in drafts)


def write_archive(snapshots: Mapping[int, Snapshot], file: Path = ARCHIVE) -> int:
    """Write light snapshots, by reference year, as one zip; returns its size in bytes.

    Raises
    ------
    FileError
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for year, snapshot in sorted(snapshots.items()):
            archive.writestr(declaration(f"{year}.json"), snapshot.json, zipfile.ZIP_DEFLATED, 9)
    with explained(file.parent, "written"):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, buffer.getvalue())
    return len(buffer.getvalue())


def read_archive(file: Path = ARCHIVE) -> dict[int, Snapshot]:
    """The archived snapshots by reference year.

    Raises
    ------
    FileError
        There is no archive.
    SnapshotError
        It is damaged, or holds anything but snapshots of the years that it names.
    """
    content = read_limited(file, MAX_ARCHIVE_BYTES)
    if len(content) > MAX_ARCHIVE_BYTES:
        raise SnapshotError(f"got a replay archive above {MAX_ARCHIVE_BYTES} bytes, expected less; {_REBUILD}")
    with RULES.reading(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        return dict(_documents(archive))


def _documents(archive: zipfile.ZipFile) -> Iterator[tuple[int, Snapshot]]:
    infos = archive.infolist()
    expected = [f"{year}.json" for year in ORIGINS]
    if not infos or [info.filename for info in infos] != expected[: len(infos)]:  # former archives end earlier
        raise SnapshotError(f"got a replay archive with other files than {expected[0]} to {expected[-1]}; {_REBUILD}")
    RULES.require_harmless({info.filename: info for info in infos})
    for year, info in zip(ORIGINS, infos, strict=False):
        snapshot = read_document(RULES.content(archive, info))
        if snapshot.reference_date != date(year, 12, 31):
            raise SnapshotError(f"{info.filename}: got a forecast from {snapshot.reference_date}; {_REBUILD}")
        yield year, snapshot


def _resolved(
    record: Record,
    evidence: Evidence,
    saved: list[SavedForecast],
    answers: list[Resolution],
    doubtful: tuple[Event, ...],
) -> list[Resolution]:
    """Write what the ledger of a year-end answers on the day after."""
    drafts = due(evidence, date(evidence.as_of.year + 1, 1, 1), saved, answers, doubtful)
    return [record.resolve(draft) for draft in drafts if draft.question == STATE and _is_new(draft, answers)]


def _is_new(draft: ResolutionDraft, answers: list[Resolution]) -> bool:
    """A replay answers what has no answer yet; it does not go back over what later ledgers said."""
    return all(question_key(answer) != question_key(draft) for answer in answers)


def _same(saved: SavedForecast, snapshot: Snapshot) -> bool:
    """Whether a replayed forecast is in the record already, with as much behind it."""
    mine = (saved.author, saved.kind, saved.reference_date, saved.evidence, saved.library)
    theirs = (REPLAYED_BY, HINDCAST, snapshot.reference_date, snapshot.evidence.digest, snapshot.library.key)
    return mine == theirs and (bool(saved.inputs) or not snapshot.inputs)


def _require_replayed(snapshot: Snapshot, year: int) -> None:
    if snapshot.reference_date != date(year, 12, 31) or snapshot.assumptions.changed:
        raise RecordError(
            f"got a forecast from {snapshot.reference_date} with {len(snapshot.assumptions.changed)} moved "
            f"assumptions, expected the defaults at the end of {year}; {_REBUILD}"
        )
    try:
        rule_of(snapshot.rule.digest)
    except OutcomeError as error:
        raise RecordError(f"the replay of {year} cannot be resolved here: {error}, or {_REBUILD}") from error
