"""Messages that no page sends are not heard, and no more than so many sessions are open."""

import asyncio

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.server import messages
from dashboard.server.messages import KnownMessages, is_heard


def message(kind: str, payload: str = "") -> bytes:
    said = BackMsg()
    field = said.DESCRIPTOR.fields_by_name[kind]
    if payload:
        getattr(said.backend_operation_request, payload).SetInParent()
    elif field.message_type:
        getattr(said, kind).SetInParent()
    else:
        setattr(said, kind, True)
    return said.SerializeToString()


@pytest.mark.parametrize(
    "said",
    [
        ("rerun_script",),
        ("stop_script",),
        ("app_heartbeat",),
        ("backend_operation_request", "deferred_file"),
        ("backend_operation_request", "dataframe_chunk"),
    ],
    ids=" ".join,
)
def test_what_a_page_says_is_heard(said):
    assert is_heard(message(*said))


@pytest.mark.parametrize(
    "said",
    [
        ("clear_cache",),
        ("debug_shutdown_runtime",),
        ("debug_disconnect_websocket",),
        ("load_git_info",),
        ("set_run_on_save",),
        ("backend_operation_request",),
        ("backend_operation_request", "install_skills"),
        ("backend_operation_request", "dismiss_skills_nudge"),
    ],
    ids=" ".join,
)
def test_what_no_page_says_is_not(said):
    assert not is_heard(message(*said))


async def _session(app: KnownMessages, incoming: list[dict], sent: list[dict]) -> None:
    async def receive():
        return incoming.pop(0)

    async def send(answer):
        sent.append(answer)

    await app({"type": "websocket"}, receive, send)


def test_a_session_goes_on_after_what_is_not_heard():
    got = []

    async def inner(_, receive, __):
        while (said := await receive())["type"] != "websocket.disconnect":
            got.append(said.get("bytes"))

    heard, rest = message("stop_script"), {"type": "websocket.disconnect"}
    coming = [{"type": "websocket.receive", "bytes": content} for content in (message("clear_cache"), heard, b"\xff")]
    asyncio.run(_session(KnownMessages(inner), [*coming, rest], []))
    assert got == [heard, b"\xff"]


def test_one_session_more_than_there_is_room_for_is_turned_away(monkeypatch):
    monkeypatch.setattr(messages, "MOST_SESSIONS", 1)
    sent, seen = [], []

    async def inner(*_):
        seen.append(1)
        if len(seen) == 1:
            await _session(app, [{"type": "websocket.connect"}], sent)

    app = KnownMessages(inner)
    asyncio.run(_session(app, [], []))
    assert (len(seen), [answer["code"] for answer in sent]) == (1, [messages.FULL])
    asyncio.run(_session(app, [], []))
    assert len(seen) == 2
