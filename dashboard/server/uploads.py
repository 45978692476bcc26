"""Uploaded files: how many the server holds at once, and that it lets go of them and of sessions that were left.

A page reads one file at a time, so that a session's newer file takes the older one's place. Streamlit keeps a file as
long as its session, and a session that was left until somebody else comes or goes, some megabytes each; what is here
ends both earlier.
"""

import asyncio
import ctypes
import gc
import logging
import re
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from weakref import WeakValueDictionary

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from dashboard.server.allowances import Allowance, spend
from dashboard.server.reach import is_for_this_machine
from models.errors import SnapshotError

ROUTE = "/_stcore/upload_file/"
MEGABYTE = 2**20
SERVER_BYTES = 200 * MEGABYTE
"""Of all sessions together: twenty files of the largest size, more than a team reads at once."""
UPLOADS = Allowance(each="30 per 10 minutes", together="300 per 10 minutes")
REFUSED = "application/x-conjunction-refused"
"""Type of an entry that stands in for a file that was not taken; its content is the reason, which the page shows: the
browser itself would show no more than a status number."""
HEAD_BYTES = 4096
"""Of an upload, in which its name stands."""
_NAMED = re.compile(rb'filename="([^"\r\n]{1,255})"')
REASON_BYTES = 1000
"""Of a reason that is shown; a browser may claim any type for any file."""
LOG = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
COLLECT_SECONDS = 20.0
LEFT_SHARE = 0.8
"""Of `server.disconnectedSessionTTL`, after which a session counts as left: a little before Streamlit itself forgets
it, without ending it, so that it can still be ended."""


def content(upload: UploadedFile) -> bytes:
    """The bytes of an uploaded file.

    Raises
    ------
    SnapshotError
        The server did not take it.
    """
    if upload.type == REFUSED:
        raise SnapshotError(upload.getvalue()[:REASON_BYTES].decode(errors="replace"))
    return upload.getvalue()


class UploadLimits:
    """Takes one file at a time from a session, in place of its earlier ones, and from all no more than may be held."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._coming: dict[str, int] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; an upload only where there is room for it."""
        if not (scope["type"] == "http" and scope["method"] == "PUT" and ROUTE in scope["path"]):
            await self._app(scope, receive, send)
            return
        session, _, file = scope["path"].partition(ROUTE)[2].partition("/")
        if not runtime.get_instance().is_active_session(session):  # Streamlit refuses these before it reads them
            await self._app(scope, receive, send)
            return
        turn = self._turns.get(session) or self._turns.setdefault(session, asyncio.Lock())
        often = "" if is_for_this_machine(Headers(scope=scope)) else spend("UPLOAD", UPLOADS, session)
        async with turn:
            await self._take(session, file, (scope, receive, send), often)
        keep_only(session, file)

    async def _take(self, session: str, file: str, request: tuple[Scope, Receive, Send], often: str) -> None:
        size = _announced(request[0])
        reason = f"You may not read a file into the page now. {often}" if often else self._reason(session, size)
        if reason:
            await _refuse(session, file, reason, request)
            return
        self._coming[session] = size
        try:
            await self._app(*request)
        finally:
            del self._coming[session]

    def _reason(self, session: str, size: int) -> str:
        """Why there is no room, in a sentence; empty where there is."""
        wanted = sum(self._coming.values()) + size
        if held(but=session) + wanted > SERVER_BYTES:
            end_sessions(name for name in tuple(stored()) if not runtime.get_instance().is_active_session(name))
        if held(but=session) + wanted > SERVER_BYTES:
            return (
                f"got a file while those of others fill the {SERVER_BYTES // MEGABYTE} MB that this server holds, "
                "expected room for it; try again in a few minutes, or use the command line: "
                "python -m models snapshot verify FILE"
            )
        return ""


def stored() -> dict[str, dict[str, UploadedFileRec]]:
    """The files that are held, by session and name."""
    return _manager().file_storage


def held(but: str = "") -> int:
    """Bytes of all files that are held, except those of one session."""
    return sum(len(file.data) for name, kept in tuple(stored().items()) if name != but for file in tuple(kept.values()))


def keep_only(session: str, file: str) -> None:
    """Forget a session's other files, once this one is there."""
    names = tuple(stored().get(session, ()))
    for name in names if file in names else ():
        if name != file:
            _manager().remove_file(session, name)


def end_sessions(names: Iterable[str]) -> None:
    """End sessions with all that they hold; the memory is given back soon after."""
    for name in names:
        runtime.get_instance().close_session(name)
        _manager().remove_session_files(name)
        GARBAGE.waits = True


class Garbage:
    """What ended sessions leave behind, collected now and then: that stops the server for a seventh of a second."""

    def __init__(self) -> None:
        self.waits, self._last = False, -COLLECT_SECONDS

    def collect(self, now: float) -> None:
        """Give memory back to the system, if there is any and the last time is long enough ago."""
        if not self.waits or now - self._last < COLLECT_SECONDS:
            return
        self.waits, self._last = False, now
        gc.collect()  # a session refers to itself in many ways
        if sys.platform == "linux":
            with suppress(OSError, AttributeError):  # not every C library keeps freed memory, nor has a way to say so
                ctypes.CDLL(None).malloc_trim(0)


GARBAGE = Garbage()


async def give_back() -> None:
    """End sessions a while after they were left, for ever."""
    left: dict[str, float] = {}
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            left = look(left, time.monotonic())
            GARBAGE.collect(time.monotonic())
        except Exception:  # the next look may succeed, and must come
            LOG.exception("Memory of visitors who left could not be given back")


def look(left: Mapping[str, float], now: float) -> dict[str, float]:
    """Since when which sessions are left, after those long enough left were ended."""
    active, patience = runtime.get_instance().is_active_session, config.get_option("server.disconnectedSessionTTL")
    since = {name: left.get(name, now) for name in {*stored(), *_kept()} if not active(name)}
    end_sessions(name for name, start in since.items() if now - start >= LEFT_SHARE * patience)
    return since


def _kept() -> list[str]:
    """Sessions that Streamlit keeps, also for visitors who may come back; it tells no other way which."""
    return [known.session.id for known in runtime.get_instance()._session_mgr.list_sessions()]


def _manager() -> MemoryUploadedFileManager:
    return runtime.get_instance().uploaded_file_mgr


def _announced(scope: Scope) -> int:
    """Bytes of a request's body; those of the largest file where it does not say."""
    with suppress(ValueError):
        return min(_largest(), max(0, int(Headers(scope=scope).get("content-length", _largest()))))
    return _largest()


def _largest() -> int:
    return config.get_option("server.maxUploadSize") * MEGABYTE


async def _refuse(session: str, file: str, reason: str, request: tuple[Scope, Receive, Send]) -> None:
    """Read a file to its end without keeping it, so that the browser hears the answer; hold the reason in its place."""
    scope, receive, send = request
    left, head = _largest() + MEGABYTE, b""
    async for piece in Request(scope, receive).stream():
        left, head = left - len(piece), head + piece[: HEAD_BYTES - len(head)]
        if left < 0:  # it would be refused for its size, too
            break
    refused = UploadedFileRec(file_id=file, name=name_in(head), type=REFUSED, data=reason.encode())
    _manager().add_file(session, refused)
    await PlainTextResponse(reason)(scope, receive, send)


def name_in(head: bytes) -> str:
    """Name of a file, from the beginning of the request that brings it: the page refuses an entry without its ending
    before it comes to the reason; empty where there is none."""
    found = _NAMED.search(head)
    return found[1].decode(errors="replace") if found else ""
