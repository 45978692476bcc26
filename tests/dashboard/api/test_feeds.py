"""Feeds: valid, with ids that stay, safe with any text, and good for finding a record whose tail was cut."""

from pathlib import Path

import feedparser
import pytest
from lxml import etree

from dashboard.api.atom import ATOM, entry_id
from models.__main__ import main
from models.errors import RecordError
from models.record.kept.feed import digest_of, heads_in
from models.record.store import Record
from tests.support.programs.commands import small_context

RULES = Path(__file__).parents[2] / "support" / "values" / "atom.rng"
WATCH = {"state": "rupture", "seen": "99", "points": "5", "since": "2025-12-31", "year": "2028"}


def require_valid(content: bytes):
    """The feed as a reader has it, once it has passed the rules of RFC 4287."""
    document = etree.fromstring(content)
    etree.RelaxNG(etree.parse(RULES)).assertValid(document)
    read = feedparser.parse(content)
    assert not read.bozo
    ids = [one.text for one in document.iterfind(f"{{{ATOM}}}entry/{{{ATOM}}}id")]
    for one, identifier in zip(read.entries, ids, strict=True):
        one["id"] = identifier  # the reader takes it for an address and writes it anew
    assert len(set(ids)) == len(ids)
    return read


def test_the_records_feed_is_valid_and_names_every_entry(server, entry, record_url):
    answer = server.get("/feed/record.atom")
    assert answer.headers["content-type"] == "application/atom+xml"
    read = require_valid(answer.content)
    told = {one.id: one for one in read.entries}
    with Record.open(record_url) as record:
        digests = [each.digest for each in record.entries()]
    assert {entry_id(digest) for digest in digests} < told.keys()
    saved = told[entry_id(entry.digest)]
    assert (saved.title, saved.author) == ("Saved: Rivalry", "Ada")
    assert (
        server.get(saved.links[1].href.removeprefix(str(server.base_url))).json()["forecast"]["digest"] == entry.digest
    )
    assert next(one for one in read.entries if one.title.startswith("Remark")).summary.startswith(
        "Renamed to “Rivalry”"
    )
    assert any(one.title.startswith("Evidence as of 8 October 2026") for one in read.entries)


def test_a_broken_feed_is_found():
    with pytest.raises(etree.DocumentInvalid):
        require_valid(b'<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x:y</id><title>No time</title></feed>')


def test_a_tail_that_was_cut_is_found_against_a_kept_feed(server, entry, record_url, tmp_path, capsys):
    kept = tmp_path / "kept.atom"
    kept.write_bytes(server.get("/feed/record.atom").content)
    assert main(["record", "verify", "--record", record_url, "--feed", str(kept)], small_context()) == 0
    with Record.open(str(tmp_path / "cut.db")) as cut:
        assert cut.head[0] == 0
    capsys.readouterr()
    assert main(["record", "verify", "--record", str(tmp_path / "cut.db"), "--feed", str(kept)], small_context()) == 1
    assert f"The noted head {entry.digest} is not in this record" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no feed", "no XML"),
        (b"<a/>", "names no head"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares entities"),
    ],
)
def test_what_is_no_kept_feed_is_refused(content, said):
    with pytest.raises(RecordError, match=said):
        heads_in(content)


def test_an_id_is_its_entrys_digest():
    assert digest_of(entry_id("0f" * 32)) == "0f" * 32
    assert digest_of("urn:uuid:0") == digest_of("ni:///sha-256;x") == ""


def test_a_chance_that_moved_is_told_once_and_measured_from_there(server):
    read = require_valid(server.get("/feed/chance.atom", params=WATCH).content)
    assert [one.title.partition(":")[0] for one in read.entries] == ["Rupture at the end of 2028"] * len(read.entries)
    first = read.entries[-1]
    assert "99.0 % →" in first.title
    now = first.title.rpartition("→ ")[2].removesuffix(" %")
    seen = WATCH | {"seen": now, "since": first.updated[:10], "points": "50"}
    assert require_valid(server.get("/feed/chance.atom", params=seen).content).entries == []
    again = require_valid(server.get("/feed/chance.atom", params=WATCH).content)
    assert [one.id for one in again.entries] == [one.id for one in read.entries]


@pytest.mark.parametrize("wrong", [{"points": "0"}, {"seen": "101"}, {"state": "war"}, {"since": "soon"}, {"x": "1"}])
def test_a_watch_that_cannot_be_read_is_refused(server, wrong):
    assert server.get("/feed/chance.atom", params=WATCH | wrong).status_code == 400
