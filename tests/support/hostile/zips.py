"""Hostile zips around honest files: odd names and kinds, bombs, a directory that lies; digests made to fit again."""

import hashlib
import io
import json
import random
import stat
import struct
import zipfile

from data.digest import canonical_json
from models.snapshot.archive import MAX_UNPACKED_BYTES
from tests.support.values.small_snapshots import packed

type Files = dict[str, bytes]


def sealed(files: Files) -> bytes:
    """The files with every digest made to fit again, as far as they can still be read, packed as a zip."""
    try:
        document = json.loads(files["snapshot.json"])
        inputs = {name.removeprefix("inputs/"): data for name, data in files.items() if name.startswith("inputs/")}
        document["inputs"] = {name: hashlib.sha256(data).hexdigest() for name, data in inputs.items()}
        document["evidence"]["digest"] = document["inputs"].get("evidence.json", document["evidence"]["digest"])
        document["evidence"] |= {"as_of": json.loads(files["inputs/evidence.json"])["as_of"]}
        files["snapshot.json"] = canonical_json(document) + b"\n"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass  # what cannot be read stays as it is
    return signed(files)


def signed(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The files with a MANIFEST that fits them."""
    rest = {name: data for name, data in sorted(files.items()) if name != "MANIFEST"}
    lines = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in rest.items())
    return packed({**rest, "MANIFEST": lines.encode(errors="replace")}, method)


def odd_member(rng: random.Random, files: Files) -> bytes:
    """A file that no export holds, with a name or a kind that tries to get out."""
    names = (
        "../outside", "/tmp/outside", "..\\outside", "C:outside", "charts/../../x.png", "charts/", "inputs/", "run.py",
        "inputs/../evidence.json", "inputs/other.npz", "charts/x.html", "a" * 300, "charts/\u202egnp.png", "MANIFEST ",
        "snapshot.json\x00.png", "inputs/m3_hidden_regimes_99.npz", "charts/" + "a" * 70 + ".png", ".", "", "é.png",
    )  # fmt: skip
    kind = rng.random()
    if kind < 0.6:
        return signed({**files, rng.choice(names): rng.randbytes(20)})
    if kind < 0.75:
        return signed({name: data for name, data in files.items() if name != rng.choice(sorted(files))})
    return special(rng, files)


def special(rng: random.Random, files: Files) -> bytes:
    """Links, devices, doubled names, many files, encrypted ones and other compressions."""
    buffer = io.BytesIO()
    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    mode = rng.choice((stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFDIR, stat.S_IFREG))
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        info = zipfile.ZipInfo("charts/link.png")
        info.create_system, info.external_attr = 3, (mode | 0o777) << 16
        archive.writestr(info, b"/etc/passwd")
        for number in range(rng.choice((0, 0, 70))):
            archive.writestr(f"charts/c{number}.png", b"")
        archive.comment = rng.randbytes(rng.choice((0, 0, 60_000)))
    content = bytearray(buffer.getvalue())
    content[content.find(b"PK\x01\x02") + 8] |= rng.choice((0, 1))
    return bytes(content)


def bomb(rng: random.Random, files: Files) -> bytes:
    """Little that unpacks to much: plain, lying about its size, nested, overlapping, and one that holds itself."""
    large = bytes(rng.choice((MAX_UNPACKED_BYTES, 8 * 2**20)))
    name = rng.choice(("charts/big.png", "inputs/library.npz", "snapshot.json", "inputs/evidence.json"))
    plain = signed({**files, name: large})
    kind = rng.randrange(5)
    if kind == 0:
        return plain
    if kind == 1:
        return plain.replace(struct.pack("<L", len(large)), struct.pack("<L", rng.choice((10, 2**31, 2**32 - 1))))
    if kind == 2:
        nested = packed({"library.npy": packed({"x.npy": large})})
        return sealed({**files, "inputs/library.npz": nested})
    if kind == 3:
        return overlapping(signed(files))
    return sealed({**files, rng.choice(("inputs/library.npz", "charts/self.png")): signed(files)})


def overlapping(content: bytes) -> bytes:
    """Every entry of the directory points at the same bytes."""
    changed, place = bytearray(content), content.find(b"PK\x01\x02")
    first = changed[place + 42 : place + 46]
    while (place := content.find(b"PK\x01\x02", place + 1)) > 0:
        changed[place + 42 : place + 46] = first
    return bytes(changed)


def directory(rng: random.Random, files: Files) -> bytes:
    """One field of the zip's own directory set to something else."""
    changed = bytearray(signed(files))
    mark = rng.choice((b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"))
    spots = [i for i in range(len(changed)) if changed[i : i + 4] == mark]
    start = rng.choice(spots) + rng.randrange(4, 46)
    width = rng.choice((1, 2, 4))
    changed[start : start + width] = rng.choice((b"\xff" * width, bytes(width), rng.randbytes(width)))
    return bytes(changed)
