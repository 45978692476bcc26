"""Alerts: told once, when a chance has moved; signed, tried again, and never into a private network by accident."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest
from standardwebhooks import Webhook

from models.__main__ import main
from models.alerts.check import FAILED, OVER, STILL, TOLD, check, message
from models.alerts.watches import MOST, Watch, Watches, new_secret
from models.alerts.webhook import TRIES, Message, is_public, send
from models.errors import FormatError
from models.storage.strict_json import read_strict_json
from tests.support.programs.commands import small_context

NOW = datetime(2026, 11, 29, 1, tzinfo=UTC)
WATCH = Watch(
    id="1f3a9c0b",
    url="https://hooks.example/a?b=c",
    secret=new_secret(),
    state="rupture",
    year=2028,
    points=5,
    values={"C07": 2.0},
    private=False,
    seen=0.10,
    seen_as_of=date(2025, 12, 31),
)


def drawn(chance: float):
    """A forecast that gives every state this chance."""
    forecast = SimpleNamespace(
        reference_date=date(2026, 10, 8),
        horizons=(0, 1, 2, 3),
        probability=lambda *_: chance,
        evidence_digest="e" * 64,
        library_key="f" * 64,
        assumptions=SimpleNamespace(digest="a" * 64),
    )
    return SimpleNamespace(forecast=forecast)


@pytest.fixture
def watches(tmp_path):
    kept = Watches(folder=tmp_path)
    with kept.changing() as listed:
        listed.append(WATCH)
    return kept


def run(watches, chance: float, deliver=lambda *_: None):
    (outcome,) = check(watches, lambda _: drawn(chance), NOW, deliver)
    return outcome


def test_a_move_is_told_once_and_measured_from_there(watches):
    told = []
    outcomes = [
        run(watches, chance, lambda *sent: told.append(sent)).outcome for chance in (0.14, 0.16, 0.16, 0.12, 0.1)
    ]
    assert outcomes == [STILL, TOLD, STILL, STILL, TOLD]
    assert [json.loads(sent.body)["data"]["before"] for _, sent in told] == [0.10, 0.16]
    assert watches.read()[0].seen == 0.1


def test_what_nobody_took_is_told_again_under_the_same_id(watches):
    ids = []

    def refuse(_, sent):
        ids.append(sent.id)
        raise FormatError("nobody there")

    assert [run(watches, 0.5, refuse).outcome for _ in range(2)] == [FAILED, FAILED]
    assert len(set(ids)) == 1
    assert watches.read()[0] == WATCH


def test_a_year_that_is_over_is_no_move(watches):
    with watches.changing() as kept:
        kept[0] = replace(WATCH, year=2025)
    assert run(watches, 0.9).outcome == OVER


def test_the_file_is_its_owners_alone_and_a_damaged_one_is_refused(watches, tmp_path):
    file = tmp_path / "alerts.json"
    assert file.stat().st_mode & 0o077 == 0
    file.write_text(file.read_text().replace('"rupture"', '"war"'))
    with pytest.raises(FormatError, match="move it away"):
        watches.read()


def test_no_more_than_a_hundred_are_kept(watches):
    with pytest.raises(FormatError, match="at most 100"), watches.changing() as kept:
        kept.extend([WATCH] * MOST)
    assert len(watches.read()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://hooks.example/"},
        {"url": "ftp://hooks.example/"},
        {"url": "https://ada:secret@hooks.example/"},
        {"state": "war"},
        {"points": 0},
    ],
)
def test_a_watch_that_cannot_be_is_refused(wrong):
    with pytest.raises(FormatError):
        replace(WATCH, **wrong)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        *((address, False) for address in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1%eth0")),
        *(
            (address, False)
            for address in ("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "0.0.0.0")
        ),
        *((address, True) for address in ("93.184.215.14", "2606:2800:21f::1")),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public


def test_a_name_that_leads_inside_is_not_asked_unless_that_is_meant():
    asked = []

    def resolve(host, _):
        asked.append(host)
        return ["93.184.215.14", "127.0.0.1"]

    with pytest.raises(FormatError, match="private network"):
        send(WATCH, message(WATCH, drawn(0.5).forecast, NOW), resolve)
    assert asked == ["hooks.example"]


@contextmanager
def listening(*statuses: int) -> Iterator[tuple[str, list]]:
    """A server that answers so, one after the other, and what it was sent."""
    got, left = [], list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(left.pop(0) if left else 200)
            self.send_header("location", "http://127.0.0.1:1/")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook?a=b", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_message_is_tried_again_and_its_signature_is_the_standards():
    with listening(503, 500) as (url, got):
        watch = replace(WATCH, url=url, private=True)
        now = datetime.now(UTC)
        send(watch, message(watch, drawn(0.5).forecast, now), backoff=0)
    assert [path for path, _, _ in got] == ["/hook?a=b"] * 3
    _, headers, body = got[-1]
    told = Webhook(watch.secret).verify(body.decode(), {name.lower(): value for name, value in headers.items()})
    assert (told["type"], told["data"]["after"]) == ("chance.moved", 0.5)


@pytest.mark.parametrize(("statuses", "tries"), [((302,), 1), ((404,), 1), ((503,) * 9, TRIES)])
def test_no_redirect_is_followed_and_tries_have_an_end(statuses, tries):
    with listening(*statuses) as (url, got), pytest.raises(FormatError, match="tried again next time"):
        send(replace(WATCH, url=url, private=True), Message(id="msg_1", timestamp=1, body=b"{}"), backoff=0)
    assert len(got) == tries


def test_the_command_watches_tells_and_forgets(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CONJUNCTION_HOME", str(tmp_path))

    def alerts(*words: str) -> tuple[int, str]:
        code = main(("alerts", *words), small_context())
        return code, capsys.readouterr().out

    with listening() as (url, got):
        watched = ("--url", url, "--private", "--state", "rupture", "--year", "2028", "--points", "0.1")
        code, said = alerts("add", *watched, "--set", "C07=2.0")
        assert code == 0
        name = said.split()[1].rstrip(":")
        assert alerts("check")[1].startswith("not moved")
        with Watches(folder=tmp_path).changing() as kept:
            kept[0] = replace(kept[0], seen=1.0)
        code, said = alerts("check", "--json")
        assert (code, json.loads(said)[0]["outcome"], len(got)) == (0, TOLD, 1)
        assert "whsec_" not in said
    assert read_strict_json(got[0][2], "the message")["data"]["values"] == {"C07": 2.0}
    assert alerts("seen", name)[0] == 0
    assert alerts("remove", name) == (0, f"Removed {name}.\n")
    assert alerts("list")[1] == "Nothing is watched.\n"
    assert alerts("remove", name)[0] == 2
