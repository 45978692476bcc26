"""Who works on a question: off the server's loop, few at a time, so that a page's move never waits for a program."""

import asyncio
import importlib
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from dashboard.api.calls import Call, Reply
from data.errors import ConjunctionError

QUICK, SLOW = "quick", "slow"
WORKERS = {QUICK: 2, SLOW: 1}
"""Threads for what takes milliseconds once it was asked, and for what takes seconds: files, charts, scores."""
MOST_WAITING = 32
"""Questions that wait for a thread; one more is told to come back."""
LOG = logging.getLogger(__name__)
SESSIONLESS = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
"""Warns whenever a cache is asked outside a session, which is what happens here and is meant."""


class Desk:
    """A few threads, and a queue that has an end."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(WORKERS[name], f"api-{name}")
        self._waiting = 0

    async def ask[T](self, work: Callable[[], T]) -> T | None:
        """The result of some work; None where too many wait."""
        if self._waiting >= MOST_WAITING:
            return None
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


DESKS = {name: Desk(name) for name in WORKERS}


def endpoint(module: str, name: str, desk: str) -> Callable[[Request], Awaitable[Response]]:
    """A route's function, whose module is loaded when somebody asks: a server's start does not wait for it."""

    async def answer(request: Request) -> Response:
        reply = await DESKS[desk].ask(lambda: _reply(request, module, name))
        if reply is None:
            from dashboard.api.problems import problem_of

            waiting = f"got one question more than the {MOST_WAITING} that may wait here, expected fewer"
            reply = problem_of(HTTPStatus.SERVICE_UNAVAILABLE, f"{waiting}; ask again in a few seconds")
        return _response(request, reply)

    return answer


def base_of(request: Request) -> str:
    """Address under which the page was asked for, with the prefix that it is served under."""
    from streamlit import config

    prefix = (config.get_option("server.baseUrlPath") or "").strip("/")
    return f"{str(request.base_url).rstrip('/')}{f'/{prefix}' if prefix else ''}"


def call_of(request: Request) -> Call:
    """A request as a question."""
    query: dict[str, tuple[str, ...]] = {}
    for key, text in request.query_params.multi_items():
        query[key] = (*query.get(key, ()), text)
    return Call(query=query, path=dict(request.path_params), base=base_of(request))


def _reply(request: Request, module: str, name: str) -> Reply:
    from dashboard.api.problems import problem, problem_of

    try:
        function = getattr(importlib.import_module(f"dashboard.api.{module}"), name)
        SESSIONLESS.setLevel(logging.ERROR)
        return function(call_of(request))
    except ConjunctionError as error:
        return problem(error)
    except Exception:  # a bug: its place is for the log, not for a stranger
        LOG.exception("A question of a program could not be answered")
        said = "the server could not answer this; it is a fault of the program, and its log says where"
        return problem_of(HTTPStatus.INTERNAL_SERVER_ERROR, said)


def _response(request: Request, reply: Reply) -> Response:
    headers = {**reply.headers, "Cache-Control": "private, no-cache"}
    if reply.status == HTTPStatus.OK:
        headers["ETag"] = reply.etag
        known = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
        if reply.etag in known or "*" in known:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(reply.body, status_code=reply.status, media_type=reply.media, headers=headers)
