"""The description of all addresses (OpenAPI 3.1), made of the knobs, presets, days and signposts that there are."""

from http import HTTPStatus

from dashboard.api.asking import only, years
from dashboard.api.calls import JSON, PROBLEM, ZIP, Call, Reply
from dashboard.api.problems import Refused
from dashboard.api.routes import ADDRESSES, API
from dashboard.api.schemas import named, rows, schemas
from dashboard.cache.replies import kept
from dashboard.settings.link import EDITION, PRESENT_EDITION
from data.digest import Fields
from data.editions.edition import newest_edition
from data.load import load_evidence
from data.types import Evidence
from models.assumptions.knobs import Knob, knobs
from models.assumptions.presets import presets
from models.fits.dated import fitted_dates
from models.names import STATES
from models.outcome.signpost_list import SIGNPOSTS
from models.published.owners import OWN, PROJECT
from models.record.entries import HINDCAST, LIVE

VERSION = "1.0.0"
MOST_PINS = 2
"""In this description; more may be asked, and few of them can be so together."""
ABOUT = (
    "What the page shows, for programs: the same numbers from the same question. The parameters of a page's link mean "
    "the same here; what the page would repair is refused. Everything is read-only. Errors are problem+json: what was "
    "got, what was expected, what to do. Every answer has an ETag of its content."
)


def described(call: Call) -> Reply:
    """The description."""
    only(call, ())
    evidence = load_evidence(newest_edition().as_of)
    key = (evidence.digest, fitted_dates())
    return kept("openapi", key, lambda: Reply.of(description(evidence)))


def index(call: Call) -> Reply:
    """Where to begin."""
    only(call, ())
    listed = [f"{call.base}{one.path}" for one in ADDRESSES if "rest" not in one.path]
    return Reply.of({"title": "Conjunction", "description": f"{call.base}{API}/openapi.json", "addresses": listed})


def unknown(call: Call) -> Reply:
    """An address that there is not."""
    raise Refused(
        HTTPStatus.NOT_FOUND,
        f"got the address /api/{call.path['rest'][:80]}, expected one of those that {API}/openapi.json describes",
    )


def description(evidence: Evidence) -> Fields:
    """The whole document."""
    setting, owner = _setting(evidence), [_parameter("owner", {"enum": [OWN, PROJECT]}, "whose record", PROJECT)]
    entry = [_entry(), *owner]
    light = _parameter("light", {"enum": ["0", "1"]}, "1 leaves out evidence and draws", "1")
    operations = {
        "": _get("index", "every address", JSON, "Index"),
        "/openapi.json": _get("openapi", "this description", JSON, {"type": "object"}),
        "/forecast": _get("forecast", "the forecast under a setting", JSON, "Snapshot", setting),
        "/signposts": _get("signposts", "open signposts, and what pins change", JSON, "Signposts", _pinned(evidence)),
        "/evidence": _get("evidence", "what a forecast may see", JSON, "Evidence", [_as_of()]),
        "/evidence.zip": _get("evidencePackage", "the evidence as a data package", ZIP, None),
        "/snapshot.zip": _get("snapshot", "the forecast as a file", ZIP, None, [*_pinned(evidence), light]),
        "/record": _get("saved", "saved forecasts", JSON, rows(named("Entry")), [*_filters(), *owner]),
        "/record/head": _get("head", "the newest entry's digest", JSON, "Head", owner),
        "/record/resolutions": _get("resolutions", "how questions ended", JSON, rows(named("Resolution")), owner),
        "/record/{entry}": _get("entry", "one saved forecast", JSON, "EntryWithRemarks", entry),
        "/record/{entry}/snapshot.json": _get("entryDocument", "its snapshot", JSON, {"type": "object"}, entry),
        "/record/{entry}/snapshot.zip": _get("entryArchive", "its snapshot as a file", ZIP, None, entry),
        "/scores": _get("scores", "how good saved forecasts were", JSON, "Scores", owner),
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Conjunction", "version": VERSION, "description": ABOUT, "license": {"name": "MIT"}},
        "servers": [{"url": "/"}],
        "paths": {f"{API}{path}": {"get": operation} for path, operation in operations.items()},
        "components": {"schemas": schemas()},
    }


def _get(name: str, text: str, media: str, schema: object, parameters: list[Fields] | None = None) -> Fields:
    """One operation."""
    content = {} if schema is None else {"schema": named(schema) if isinstance(schema, str) else schema}
    problem = {"description": "why not", "content": {PROBLEM: {"schema": named("Problem")}}}
    statuses = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE)
    return {
        "operationId": name,
        "summary": text[0].upper() + text[1:],
        "parameters": parameters or [],
        "responses": {
            "200": {"description": text, "content": {media: content}},
            "304": {"description": "as it was when If-None-Match was its ETag"},
            **{str(int(status)): problem for status in statuses},
        },
    }


def _parameter(name: str, schema: Fields, text: str, example: object = None) -> Fields:
    shown = {} if example is None else {"example": example}
    return {"name": name, "in": "query", "description": text, "schema": schema, **shown}


def _setting(evidence: Evidence) -> list[Fields]:
    """The parameters of a page's link that change a number."""
    available = knobs(evidence.claims)
    moved = next(knob for knob in available.values() if knob.key == "C07")
    return [
        _parameter(EDITION, {"const": PRESENT_EDITION}, "needed where a knob is moved", PRESENT_EDITION),
        _parameter("preset", {"enum": list(presets(available))}, "a setting to start from"),
        *(_knob(knob, example=knob is moved) for knob in available.values()),
        _as_of(),
        _parameter("year", {"enum": [str(year) for year in years(evidence)]}, "the year-end looked at; no number's"),
    ]


def _knob(knob: Knob, example: bool) -> Fields:
    grid = {"type": "number", "minimum": knob.low, "maximum": knob.high, "multipleOf": knob.step}
    text = f"{knob.label} ({knob.unit}), {knob.default:g} unless it is moved"
    return _parameter(knob.key, grid, text, knob.high if example else None)


def _as_of() -> Fields:
    days = [str(day) for day in fitted_dates()]
    return _parameter("as_of", {"enum": days}, "reference date: a day that the models were fitted for", days[-1])


def _pinned(evidence: Evidence) -> list[Fields]:
    """A setting, with pins and acts."""
    day = evidence.as_of
    open_ones = [signpost for signpost in SIGNPOSTS if signpost.opens <= day < signpost.deadline]
    pins = [f"{one.id}={answer}" for one in open_ones for answer in ("yes", "no")]
    pins += [f"{state}@{year}" for state in STATES for year in years(evidence)]
    several = {"type": "array", "items": {"enum": pins}, "maxItems": MOST_PINS, "uniqueItems": True}
    pin = _parameter("pin", several, "taken as observed", pins[:1])
    act = {"type": "array", "items": {"type": "string", "pattern": "^S[0-9]{2}@20[0-9]{2}$"}, "maxItems": 1}
    return [*_setting(evidence), pin, _parameter("do", act, "made to happen, such as S09@2027")]


def _filters() -> list[Fields]:
    words = {"author": "the whole name", "text": "words in name, note, reasons or remarks", "changed": "a moved knob"}
    return [
        *(_parameter(name, {"type": "string"}, text) for name, text in words.items()),
        _parameter("kind", {"enum": [LIVE, HINDCAST]}, "as it counts", LIVE),
        _parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000}, "how many (100)", 2),
        _parameter("before", {"type": "integer", "minimum": 1, "maximum": 10**9}, "only entries before this number"),
    ]


def _entry() -> Fields:
    text = "6 to 64 digits of its digest"
    schema = {"type": "string", "pattern": "^[0-9a-f]{6,64}$"}
    return {"name": "entry", "in": "path", "required": True, "description": text, "schema": schema}
