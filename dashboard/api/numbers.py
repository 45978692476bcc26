"""Numbers under a setting: the same bytes as the page's files and the command line's answers."""

from dashboard.api.asking import Asked, asked, one_of, only
from dashboard.api.calls import JSON, ZIP, Call, Reply
from dashboard.cache import asked as signpost_cache
from dashboard.cache import forecasts as cache
from dashboard.cache.replies import kept
from data.digest import canonical_json
from models.answers.drawn import Drawn
from models.answers.evidence import package_zip
from models.errors import SnapshotError
from models.forecast.results import Forecast

LIGHT, SWITCH = "light", ("0", "1")


def forecast(call: Call) -> Reply:
    """The document of a snapshot, as `python -m models forecast --json` prints it."""
    question = asked(call)
    made = forecast_of(question)
    return kept("forecast", cache.of(made), lambda: Reply(body=_drawn(question, made).snapshot().json))


def signposts(call: Call) -> Reply:
    """The table of signposts, as `python -m models signposts --json` prints it."""
    question = asked(call, pins=True)
    made, given = forecast_of(question), question.conditions

    def make() -> Reply:
        return Reply.of(signpost_cache.table(made, question.year, given.pins, given.acts).document)

    key = (*cache.of(made), question.year, *(pin.text for pin in given.pins), "do", *(act.text for act in given.acts))
    return kept("signposts", key, make)


def evidence(call: Call) -> Reply:
    """What a forecast may see, as it lies in a snapshot; its SHA-256 is the evidence's digest."""
    known = asked(call).evidence
    return kept("evidence", (known.digest,), lambda: Reply(body=canonical_json(known.document), media=JSON))


def evidence_package(call: Call) -> Reply:
    """The data package, as `python -m models export evidence` writes it."""
    only(call, ())
    return Reply(body=package_zip(), media=ZIP)


def snapshot(call: Call) -> Reply:
    """A snapshot's zip, as the page and `python -m models snapshot export` write it."""
    from dashboard.report.pictures import charts
    from models.snapshot.archive import snapshot_bytes
    from models.snapshot.inputs import fit_in

    light = one_of(LIGHT, call.query.get(LIGHT, ("0",))[-1], SWITCH) == "1"
    question = asked(call, (LIGHT,), pins=True)
    made, given = forecast_of(question), question.conditions
    drawn = _drawn(question, made)
    inputs = {} if light else drawn.inputs()
    if not fit_in(inputs):
        raise SnapshotError("the evidence and the draws are too large for a snapshot; ask for it with light=1")
    said = drawn.snapshot(inputs, (given.pins, given.acts))
    return Reply(body=snapshot_bytes(said, charts(drawn.evidence, drawn.library, made), inputs), media=ZIP)


def forecast_of(question: Asked) -> Forecast:
    """The forecast that the page shows for the same link."""
    return cache.forecast(question.assumptions, question.evidence)


def _drawn(question: Asked, made: Forecast) -> Drawn:
    return Drawn(
        evidence=question.evidence,
        library=cache.library_of(made),
        assumptions=question.assumptions,
        forecast=made,
    )
