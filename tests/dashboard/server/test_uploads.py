"""What an upload meets before it reaches Streamlit: room or a reason, and what is forgotten for it."""

import asyncio
from types import SimpleNamespace

import pytest
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from dashboard.server import allowances, uploads
from dashboard.server.allowances import Allowance
from models.errors import SnapshotError

SIZE = 100


class Server:
    """A running server of Streamlit's as far as uploads go: sessions that are there, or were left, or ended."""

    def __init__(self, *active: str) -> None:
        self.active, self.ended, self.kept = set(active), [], set()
        self._session_mgr = self
        self.uploaded_file_mgr = MemoryUploadedFileManager(uploads.ROUTE)
        self.is_active_session, self.close_session = self.active.__contains__, self.ended.append
        self.limits, self.passed, self.inside, self.most = uploads.UploadLimits(self.app), 0, 0, 0

    async def app(self, scope, receive, _) -> None:
        """Take the file, as Streamlit does of an active session."""
        self.passed, self.inside = self.passed + 1, self.inside + 1
        self.most = max(self.most, self.inside)
        data = b""
        while (message := await receive())["more_body"]:
            data += message["body"]
        self.inside -= 1
        session, _, file = scope["path"].removeprefix(uploads.ROUTE).partition("/")
        if session in self.active:
            record = UploadedFileRec(file_id=file, name="a.zip", type="application/zip", data=data)
            self.uploaded_file_mgr.add_file(session, record)

    async def put(self, session: str, file: str, announced: bool = True) -> int:
        """Upload a file in small pieces; return how much of it was left unread."""
        left, sent = [SIZE], []

        async def receive() -> dict:
            await asyncio.sleep(0)
            left[0] = max(0, left[0] - 10)
            return {"type": "http.request", "body": b"x" * 10, "more_body": left[0] > 0}

        async def send(message: dict) -> None:
            sent.append(message)

        headers = [(b"content-length", str(SIZE).encode())] if announced else []
        scope = {"type": "http", "method": "PUT", "path": f"{uploads.ROUTE}{session}/{file}", "headers": headers}
        await self.limits(scope, receive, send)
        return left[0]

    def list_sessions(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(session=SimpleNamespace(id=name)) for name in (*self.active, *self.kept)]

    def files(self, session: str) -> dict[str, UploadedFileRec]:
        return dict(self.uploaded_file_mgr.file_storage.get(session, {}))


@pytest.fixture
def server(monkeypatch) -> Server:
    allowances.forget()
    made = Server("ann", "bob")
    monkeypatch.setattr(uploads.runtime, "get_instance", lambda: made)
    monkeypatch.setattr(uploads, "SERVER_BYTES", 2 * SIZE)
    return made


def page(record: UploadedFileRec) -> UploadedFile:
    """The file as the page is given it."""
    return UploadedFile(record, FileURLs())


def test_a_newer_file_takes_the_older_ones_place(server):
    for name in ("first", "second"):
        asyncio.run(server.put("ann", name))
    assert list(server.files("ann")) == ["second"]
    assert uploads.content(page(server.files("ann")["second"])) == b"x" * 90


def test_where_there_is_no_room_the_page_is_given_the_reason(server):
    server.active.add("cleo")
    for session in ("ann", "bob"):
        asyncio.run(server.put(session, "file"))
    unread = asyncio.run(server.put("cleo", "file"))
    assert unread == 0, "read to its end, so that a browser hears the answer"
    assert server.passed == 2
    with pytest.raises(SnapshotError, match="this server holds, expected room for it; try again in a few minutes"):
        uploads.content(page(server.files("cleo")["file"]))
    asyncio.run(server.put("ann", "other"))
    assert list(server.files("ann")) == ["other"], "a file in place of one's own has room"


@pytest.mark.parametrize("at_the_machine", [True, False])
def test_a_visitor_who_uploads_too_often_is_told_unless_they_sit_here(server, monkeypatch, at_the_machine):
    monkeypatch.setattr(uploads, "UPLOADS", Allowance(each="2 per 10 minutes", together="3 per 10 minutes"))
    monkeypatch.setattr(uploads, "is_for_this_machine", lambda _: at_the_machine)
    for name in ("first", "second", "third"):
        asyncio.run(server.put("ann", name))
    assert (server.files("ann")["third"].type == uploads.REFUSED) is not at_the_machine
    if not at_the_machine:
        with pytest.raises(SnapshotError, match=r"You may not read a file .* 2 times in 10 minutes"):
            uploads.content(page(server.files("ann")["third"]))


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.zip"\r\n\r\nPK', "a.zip"),
        (b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\nPK', ""),
        (b'filename="' + b"a" * 300 + b'"', ""),
        (b'filename="\xff.zip"', "\ufffd.zip"),
    ],
)
def test_what_was_not_taken_keeps_its_name_so_that_the_page_comes_to_the_reason(head, name):
    assert uploads.name_in(head) == name


def test_an_upload_of_unknown_length_needs_room_for_the_largest(server):
    asyncio.run(server.put("ann", "file", announced=False))
    assert server.files("ann")["file"].type == uploads.REFUSED


def test_an_endless_upload_is_not_read_to_its_end(server, monkeypatch):
    monkeypatch.setattr(uploads, "_largest", lambda: 0)
    monkeypatch.setattr(uploads, "MEGABYTE", SIZE // 2)
    monkeypatch.setattr(uploads, "SERVER_BYTES", -1)
    assert asyncio.run(server.put("ann", "file")) > 0
    assert server.files("ann")["file"].type == uploads.REFUSED


def test_a_reason_of_a_strangers_is_cut():
    record = UploadedFileRec(file_id="1", name="", type=uploads.REFUSED, data=b"no" * 10**6 + b"\xff")
    with pytest.raises(SnapshotError) as refused:
        uploads.content(page(record))
    assert len(str(refused.value)) == uploads.REASON_BYTES


def test_sessions_that_were_left_make_room(server):
    server.active.add("cleo")
    for session in ("ann", "bob"):
        asyncio.run(server.put(session, "file"))
    server.active.remove("ann")
    asyncio.run(server.put("cleo", "file"))
    assert server.ended == ["ann"]
    assert [len(server.files(session)) for session in ("ann", "bob", "cleo")] == [0, 1, 1]


def test_of_two_files_at_once_the_later_one_stays(server):
    async def both() -> None:
        await asyncio.gather(server.put("ann", "first"), server.put("ann", "second"))

    asyncio.run(both())
    assert server.passed == 2
    assert server.most == 1, "one after the other"
    assert list(server.files("ann")) == ["second"]


def test_files_on_their_way_count(server):
    async def all_at_once() -> None:
        await asyncio.gather(*(server.put(session, "file") for session in ("ann", "bob", "cleo")))

    server.active.add("cleo")
    asyncio.run(all_at_once())
    assert server.passed == 2
    assert server.files("cleo")["file"].type == uploads.REFUSED


def test_a_failed_upload_makes_room_for_the_next(server):
    async def fails(*_: object) -> None:
        raise OSError("the browser went away")

    server.limits = uploads.UploadLimits(fails)
    with pytest.raises(OSError, match="went away"):
        asyncio.run(server.put("ann", "file"))
    server.limits = uploads.UploadLimits(server.app)
    asyncio.run(server.put("ann", "file"))
    assert list(server.files("ann")) == ["file"]


def test_what_is_of_no_session_is_left_to_streamlit(server):
    asyncio.run(server.put("nobody", "file"))
    assert server.passed == 1
    assert server.files("nobody") == {}


def test_a_session_is_ended_a_while_after_it_was_left_and_not_if_it_comes_back(server):
    for session in ("ann", "bob"):
        asyncio.run(server.put(session, "file"))
    patience = uploads.LEFT_SHARE * uploads.config.get_option("server.disconnectedSessionTTL")
    server.active.clear()
    left = uploads.look({}, 0.0)
    server.active.add("bob")
    left = uploads.look(left, patience / 2)
    server.active.clear()
    left = uploads.look(left, patience - 0.1)
    assert server.ended == []
    left = uploads.look(left, patience)
    assert server.ended == ["ann"]
    uploads.look(left, 2 * patience)
    assert server.ended == ["ann", "bob"]
    assert uploads.held() == 0


def test_memory_of_ended_sessions_is_given_back_now_and_then(server, monkeypatch):
    collected: list[None] = []
    monkeypatch.setattr(uploads.gc, "collect", lambda: collected.append(None))
    garbage = uploads.Garbage()
    monkeypatch.setattr(uploads, "GARBAGE", garbage)
    for now, ended, times in (
        (0, False, 0),
        (1, True, 1),
        (2, True, 1),
        (20, False, 1),
        (21, False, 2),
        (99, False, 2),
    ):
        uploads.end_sessions(["ann"] if ended else [])
        garbage.collect(float(now))
        assert len(collected) == times, now
    assert server.ended == ["ann", "ann"]


def test_a_session_without_files_is_ended_too(server):
    server.kept = {"dora"}
    patience = uploads.LEFT_SHARE * uploads.config.get_option("server.disconnectedSessionTTL")
    uploads.look(uploads.look({}, 0.0), patience)
    assert server.ended == ["dora"], "those who are there stay"
