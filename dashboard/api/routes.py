"""Every address at which programs ask, and who answers it. What answers is loaded when somebody asks."""

from starlette.routing import BaseRoute, Route

from dashboard.api.desk import QUICK, SLOW, endpoint
from data.values import frozen

API = "/api/v1"


@frozen
class Address:
    """One of them: where, who answers (a function of a module here), and at which desk."""

    path: str
    module: str
    name: str
    desk: str = QUICK


ADDRESSES = (
    Address(path=API, module="openapi", name="index"),
    Address(path=f"{API}/openapi.json", module="openapi", name="described"),
    Address(path=f"{API}/forecast", module="numbers", name="forecast"),
    Address(path=f"{API}/signposts", module="numbers", name="signposts"),
    Address(path=f"{API}/evidence", module="numbers", name="evidence"),
    Address(path=f"{API}/evidence.zip", module="numbers", name="evidence_package", desk=SLOW),
    Address(path=f"{API}/snapshot.zip", module="numbers", name="snapshot", desk=SLOW),
    Address(path=f"{API}/record", module="saved", name="listed"),
    Address(path=f"{API}/record/head", module="saved", name="head"),
    Address(path=f"{API}/record/resolutions", module="saved", name="resolutions"),
    Address(path=f"{API}/record/{{entry}}", module="saved", name="shown"),
    Address(path=f"{API}/record/{{entry}}/snapshot.json", module="saved", name="document"),
    Address(path=f"{API}/record/{{entry}}/snapshot.zip", module="saved", name="archive", desk=SLOW),
    Address(path=f"{API}/scores", module="saved", name="scores", desk=SLOW),
    Address(path="/api/oembed", module="cards.embed", name="oembed"),
    Address(path="/api/{rest:path}", module="openapi", name="unknown"),
    Address(path="/feed/record.atom", module="feed", name="record"),
    Address(path="/feed/chance.atom", module="alerts", name="chance"),
    Address(path="/embed/forecast", module="cards.embed", name="forecast"),
    Address(path="/embed/record/{entry}", module="cards.embed", name="entry"),
    Address(path="/preview.png", module="cards.embed", name="picture", desk=SLOW),
)


def routes(prefix: str = "") -> list[BaseRoute]:
    """All of them, for the server.

    Parameters
    ----------
    prefix : str
        What the page is served under (`server.baseUrlPath`).
    """
    base = f"/{prefix.strip('/')}" if prefix.strip("/") else ""
    return [Route(base + one.path, endpoint(one.module, one.name, one.desk)) for one in ADDRESSES]
