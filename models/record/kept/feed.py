"""A feed of the record that somebody kept: the digests in it, which the record must still hold.

The entries' own ids are their digests (RFC 6920), so that any reader's copy of the feed proves what was there.
"""

import base64
import binascii
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from models.errors import RecordError

NAMESPACE = "urn:conjunction:record"
"""Of the element ``head`` in a feed: number and digest of the record's newest entry."""
ATOM = "http://www.w3.org/2005/Atom"
MAX_FEED_BYTES = 2**24
_NAMED = re.compile(r"ni:///sha-256;([A-Za-z0-9_-]{43})")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def heads_in(content: bytes) -> tuple[str, ...]:
    """Digests of entries that a kept feed names, the head first.

    Raises
    ------
    RecordError
        It is no feed of a record.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise RecordError("got a feed that declares entities, expected one as the page's server writes it")
    try:
        root = ET.fromstring(content)
    except (ET.ParseError, ValueError) as error:
        raise RecordError(
            f"got a file that is no XML ({error}), expected a feed of the record as it was kept"
        ) from error
    found = tuple(dict.fromkeys(_digests(root)))
    if root.tag != f"{{{ATOM}}}feed" or not found:
        raise RecordError(
            "got a file that names no head, expected a feed of the record (/feed/record.atom) as it was kept"
        )
    return found


def _digests(root: ET.Element) -> Iterator[str]:
    head = root.find(f"{{{NAMESPACE}}}head")
    if head is not None and _DIGEST.fullmatch(head.get("digest", "")) and head.get("sequence") != "0":
        yield head.get("digest", "")
    yield from filter(
        None, (digest_of(entry.findtext(f"{{{ATOM}}}id") or "") for entry in root.iter(f"{{{ATOM}}}entry"))
    )


def digest_of(identifier: str) -> str:
    """The digest that an id names; empty where it names none."""
    named = _NAMED.fullmatch(identifier)
    try:
        return base64.urlsafe_b64decode(f"{named[1]}=").hex() if named else ""
    except (binascii.Error, ValueError):
        return ""
