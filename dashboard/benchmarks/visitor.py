"""A visitor without a browser, who speaks the page's own protocol: Streamlit's messages over its websocket.

It keeps what a browser keeps: the state of every slider, the part of the page that a slider redraws, and which large
messages it was sent before, so that the server sends them by name. Nothing is drawn.
"""

import asyncio
import http.cookies
import time
import urllib.request
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from data.values import frozen

WAIT_SECONDS = 120.0
"""Until a run counts as unanswered: fifteen times what a move takes with a hundred visitors on two cores."""
KEPT_RUNS = 2
"""A browser forgets a message that so many runs did not use (Streamlit's `global.maxCachedMessageAge`)."""
XSRF = "_streamlit_xsrf"
EARLY = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN


@frozen
class Run:
    """What one message to the server led to.

    Attributes
    ----------
    first : float
        Seconds until the first chart had arrived; until all had, where none came.
    whole : float
        Seconds until the server said that the page is done.
    size : int
        Bytes received, before compression.
    fault : str
        What went wrong; empty if nothing did.
    """

    first: float
    whole: float
    size: int
    fault: str = ""


@dataclass(slots=True, kw_only=True)
class Slider:
    """A slider as a browser holds it."""

    id: str
    value: float
    low: float
    high: float
    step: float
    fragment: str


@dataclass(slots=True, kw_only=True)
class _Coming:
    """What has arrived of one answer."""

    started: float = field(default_factory=time.perf_counter)
    first: float = 0.0
    size: int = 0
    fault: str = ""

    def ended(self, fault: str = "") -> Run:
        whole = time.perf_counter() - self.started
        return Run(first=self.first or whole, whole=whole, size=self.size, fault=fault or self.fault)


class Visitor:
    """One session of the page, at an address such as ``http://127.0.0.1:8501/ask?pin=S03=yes``."""

    def __init__(self, address: str) -> None:
        self._where = urlsplit(address)
        self._server = f"{self._where.scheme}://{self._where.netloc}"
        self._closing, self._script, self._runs = AsyncExitStack(), "", 0
        self._seen: dict[str, int] = {}
        self.sliders: dict[str, Slider] = {}

    async def __aenter__(self) -> Self:
        token = await asyncio.to_thread(_token, self._server)
        self._socket = await self._closing.enter_async_context(
            connect(
                f"{self._server.replace('http', 'ws', 1)}/_stcore/stream",
                origin=self._server,
                subprotocols=["streamlit", token],
                additional_headers={"Cookie": f"{XSRF}={token}"},
                open_timeout=WAIT_SECONDS,
                ping_interval=None,
                max_size=None,
                proxy=None,
            )
        )
        return self

    async def __aexit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._closing.aclose()

    async def open(self) -> Run:
        """Ask for the whole page."""
        return await self._run("")

    async def move(self, name: str, value: float) -> Run:
        """Move a slider, named by the key of its assumption."""
        slider = self.sliders[name]
        slider.value = value
        return await self._run(slider.fragment)

    async def _run(self, fragment: str) -> Run:
        message, coming = BackMsg(), _Coming()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash, asked.fragment_id = self._where.query, self._script, fragment
        asked.page_name = "" if self._script else self._where.path.strip("/")
        for slider in self.sliders.values():
            asked.widget_states.widgets.add(id=slider.id).double_array_value.data.append(slider.value)
        self._seen = {name: run for name, run in self._seen.items() if self._runs - run < KEPT_RUNS}
        asked.cached_message_hashes.extend(self._seen)
        self._runs += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._socket.send(message.SerializeToString())
                while not self._read(coming, await self._socket.recv()):
                    pass
        except TimeoutError:
            return coming.ended(f"no answer within {WAIT_SECONDS:g} s")
        except ConnectionClosed as error:
            return coming.ended(f"connection lost: {error}")
        return coming.ended()

    def _read(self, coming: _Coming, content: bytes) -> bool:
        """Take one message in; whether it was the run's last."""
        answer = ForwardMsg.FromString(content)
        coming.size += len(content)
        if answer.metadata.cacheable or answer.ref_hash:
            self._seen[answer.ref_hash or answer.hash] = self._runs
        match answer.WhichOneof("type"):
            case "new_session":
                self._script = answer.new_session.page_script_hash
            case "page_info_changed":
                self._where = self._where._replace(query=answer.page_info_changed.query_string)
            case "delta" if answer.delta.HasField("new_element"):
                self._take(coming, answer.delta.new_element, answer.delta.fragment_id)
            case "script_finished":
                return answer.script_finished != EARLY
        return False

    def _take(self, coming: _Coming, element: Element, fragment: str) -> None:
        match element.WhichOneof("type"):
            case "vega_lite_chart":
                coming.first = coming.first or time.perf_counter() - coming.started
            case "exception":
                coming.fault = f"{element.exception.type}: {element.exception.message}"
            case "alert" if element.alert.format == Alert.ERROR:
                coming.fault = element.alert.body
            case "slider" if ":" in element.slider.id:
                self._hold(element.slider, fragment)

    def _hold(self, drawn: object, fragment: str) -> None:
        """Hold a slider as it was drawn; one under the same name and another id is new and shows its default."""
        name = drawn.id.rpartition(":")[2].partition("~")[0]
        held = self.sliders.get(name)
        value = held.value if held and held.id == drawn.id else drawn.default[0]
        low, high, step = drawn.min, drawn.max, drawn.step
        self.sliders[name] = Slider(id=drawn.id, value=value, low=low, high=high, step=step, fragment=fragment)


def _token(server: str) -> str:
    """The token that the server gives a browser before it opens a websocket."""
    with urllib.request.urlopen(f"{server}/_stcore/health", timeout=WAIT_SECONDS) as answer:
        return http.cookies.SimpleCookie(answer.headers["Set-Cookie"])[XSRF].value
