"""Hostile snapshots and uploads without end: every case follows from one seed, and none is a file this program wrote.

A case starts from a whole small snapshot and breaks one thing, or a few. Most are sealed again afterwards (digests,
MANIFEST, README), as somebody who knows the format would, so that the deeper layers meet them too.
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping

from data.digest import canonical_json, digest
from data.values import frozen
from models.snapshot.archive import MAX_BYTES
from tests.support.hostile.arrays import broken_arrays
from tests.support.hostile.zips import Files, bomb, directory, odd_member, sealed, signed
from tests.support.values.small_snapshots import COMMITTED, members_of, packed

type Mutation = Callable[[random.Random, Files], bytes]

BIDI, FORMULA = "safe\u202egpj.exe", '=HYPERLINK("http://x/","ok")'
DEEP = "[" * 100_000 + "]" * 100_000
ODD_VALUES: tuple[object, ...] = (
    None, True, False, 0, -1, 1, 2**63, 10**24, -(10**24), 0.5, -0.5, 1e308, -1e308, 5e-324, 1.0000001, "", "x",
    FORMULA, "+1+1", "@SUM(A1)", BIDI, "\x00", "a\nb", "\ud800", "../../etc/passwd",
    "9" * 400, "é" * 5000, [], {}, [[]], [1, 2],
    {"a": 1}, {"": {}}, "NaN", "Infinity", "infinite", "2024-02-30", "9999-12-31", "0001-01-01",
    "2024-W01-1", "-2024-01-01",
)  # fmt: skip
RAW_VALUES = (
    "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 5000, "0." + "1" * 5000, "1e-400", "01", "0x10", "'x'",
    '"\\ud800"', '"\\u0000"', '"\\u202e"', "[" * 3000 + "]" * 3000, '{"a":1,"a":2}', "tru", "", ",", "/*x*/1",
    "1" + "0" * 300,
)  # fmt: skip


@frozen
class Case:
    """One hostile file, and what was done to it."""

    number: int
    name: str
    content: bytes


def cases(seed: int, numbers: range) -> Iterator[Case]:
    """The cases of these numbers: each follows from the seed and its number alone."""
    base = members_of(COMMITTED.read_bytes())
    names = sorted(MUTATIONS)
    for number in numbers:
        rng = random.Random(f"{seed} {number}")
        name = names[number % len(names)]
        yield Case(number=number, name=name, content=MUTATIONS[name](rng, dict(base)))


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Paths to every value inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def edited(rng: random.Random, content: bytes) -> bytes:
    """A JSON document with one to three values replaced, removed, doubled or renamed."""
    document = json.loads(content)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        *way, last = rng.choice([path for path in places(document) if path])
        holder = document
        for key in way:
            holder = holder[key]
        kind = rng.random()
        if kind < 0.6:
            holder[last] = rng.choice(ODD_VALUES)
        elif kind < 0.7:
            holder[last] = near(rng, holder[last])
        elif kind < 0.85 or isinstance(holder, list):
            del holder[last]
        else:
            holder[rng.choice(("extra", "=1+1", BIDI, str(last) * 3, ""))] = holder[last]
    return json.dumps(document).encode()


def near(rng: random.Random, value: object) -> object:
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value * rng.choice((-1, 2, 1.0000001, 1e6, 1e-6)) + rng.choice((0, 1, -1, 1e-10))
    if isinstance(value, str):
        return rng.choice((value[::-1], value + "x", value[:-1], value.upper()))
    return [value, value] if isinstance(value, list) else {**(value or {}), "x": value}


def raw_edited(rng: random.Random, content: bytes) -> bytes:
    """JSON text with one value replaced by what JSON does not allow, or hardly."""
    text = content.decode()
    spots = [i for i, letter in enumerate(text) if letter == ":"]
    start = rng.choice(spots) + 1
    end = min((text.find(mark, start) for mark in ",}" if text.find(mark, start) > 0), default=len(text))
    return (text[:start] + rng.choice(RAW_VALUES) + text[end:]).encode()


def flipped(rng: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 10, 300))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def shuffled(rng: random.Random, content: bytes) -> bytes:
    """Cut, doubled, moved or grown."""
    a, b = sorted(rng.randrange(len(content)) for _ in "ab")
    ways = (
        content[:a], content[a:], content[:a] + content[b:], content[:b] + content[a:], content + content[a:b],
        rng.randbytes(rng.randrange(200)) + content, content + bytes(rng.randrange(5000)), content[::-1],
        content * 10, content[:a] + rng.randbytes(b - a) + content[b:], b"PK\x03\x04" + rng.randbytes(a), content[:4],
    )  # fmt: skip
    return rng.choice(ways)


def other_upload(rng: random.Random, files: Files) -> bytes:
    """No zip at all."""
    document = files["snapshot.json"]
    return rng.choice(
        (
            b"", b"\x00" * 4096, rng.randbytes(3000), b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n" + rng.randbytes(99),
            b"model_id,value\n=1+1,0.5\n", b"\x1f\x8b\x08" + rng.randbytes(500), b"BZh9" + rng.randbytes(50),
            DEEP.encode(), b'{"a":' * 50_000, b'{"schema_version":' + b"9" * 100_000 + b"}", b"[]", b"null", b'"x"',
            document.decode().encode("utf-16"), b"\xef\xbb\xbf" + document, document[:-40], document * 2,
            b'{"schema_version":3}', b"x" * (MAX_BYTES + 1), json.dumps(json.loads(document), indent=9).encode(),
            b"\x80\x04\x95" + rng.randbytes(60), b"<svg onload=alert(1)>", b'{"schema_version":NaN}',
        )
    )  # fmt: skip


def in_document(rng: random.Random, files: Files) -> bytes:
    way = rng.choice((edited, edited, edited, raw_edited, flipped))
    files["snapshot.json"] = way(rng, files["snapshot.json"])
    kind = rng.random()
    return files["snapshot.json"] if kind < 0.2 else sealed(files) if kind < 0.6 else signed(files)


def in_evidence(rng: random.Random, files: Files) -> bytes:
    changed = rng.choice((edited, edited, raw_edited, flipped))(rng, files["inputs/evidence.json"])
    if rng.random() < 0.7:
        changed = canonical(changed)
    files["inputs/evidence.json"] = changed
    return sealed(answering(files) if rng.random() < 0.7 else files)


def answering(files: Files) -> Files:
    """The same files, whose draws claim to answer to the evidence beside them."""
    digest_now = hashlib.sha256(files["inputs/evidence.json"]).hexdigest()
    changed = dict(files)
    inputs = [name for name in files if name.startswith("inputs/") and name.endswith(".json")]
    for name in (name for name in inputs if "evidence" not in name):
        meta = json.loads(files[name])
        holder = meta.get("provenance", meta)
        holder["evidence_digest"] = digest_now
        changed[name] = rehashed(json.dumps(meta).encode())
    return changed


def canonical(content: bytes) -> bytes:
    """The one form that counts, where there is one."""
    try:
        return canonical_json(json.loads(content))
    except (ValueError, RecursionError):
        return content


def in_certificate(rng: random.Random, files: Files) -> bytes:
    """A library's or a fit's JSON changed, its own digest made to fit."""
    name = rng.choice(sorted(n for n in files if n.startswith("inputs/") and n.endswith(".json") and "evid" not in n))
    changed = rng.choice((edited, edited, edited, raw_edited))(rng, files[name])
    return sealed({**files, name: rehashed(changed)})


def rehashed(content: bytes) -> bytes:
    """A library's JSON with its own digest made to fit."""
    try:
        meta = json.loads(content)
        if "digest" in meta:
            meta["digest"] = digest({key: value for key, value in meta.items() if key != "digest"})
        return json.dumps(meta).encode()
    except (ValueError, TypeError, RecursionError):
        return content


def in_arrays(rng: random.Random, files: Files) -> bytes:
    """Arrays that are not what they should be, certified by the JSON beside them."""
    name = rng.choice(sorted(n for n in files if n.endswith(".npz")))
    partner = name.replace(".npz", ".json")
    files[name] = broken_arrays(rng, files[name])
    meta = {**json.loads(files[partner]), "draws_digest": hashlib.sha256(files[name]).hexdigest()}
    return sealed({**files, partner: rehashed(json.dumps(meta).encode())})


def swapped(rng: random.Random, files: Files) -> bytes:
    """Two files under each other's names."""
    first, other = rng.sample(sorted(files), 2)
    files[first], files[other] = files[other], files[first]
    return rng.choice((sealed, signed))(files)


def in_texts(rng: random.Random, files: Files) -> bytes:
    """Formula cells, other numbers and noise in the files beside the document."""
    name = rng.choice(("forecast.csv", "README.txt", "snapshot_schema.json", "MANIFEST", "charts/states.svg"))
    changed = files[name]
    ways = (
        flipped(rng, changed),
        FORMULA.encode() + b"," + changed,
        changed + b"\n=1+1",
        b"",
        changed.replace(b"0.", b"1.", 1),
    )
    files[name] = rng.choice(ways)
    return packed(files) if name == "MANIFEST" or rng.random() < 0.3 else signed(files)


MUTATIONS: Mapping[str, Mutation] = {
    "flipped bits": lambda rng, files: flipped(rng, packed(files, rng.choice((0, 8)))),
    "cut and moved": lambda rng, files: shuffled(rng, packed(files)),
    "another file": other_upload,
    "a file too many or too few": odd_member,
    "bomb": bomb,
    "zip directory": directory,
    "document": in_document,
    "evidence": in_evidence,
    "certificate": in_certificate,
    "arrays": in_arrays,
    "swapped": swapped,
    "texts": in_texts,
}
