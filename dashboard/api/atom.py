"""Feeds as Atom (RFC 4287): entries with ids that never change, and the head of the record that they were read from."""

import base64
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from data.values import frozen
from models.record.kept.feed import NAMESPACE

ATOM = "http://www.w3.org/2005/Atom"
PRODUCT = "Conjunction"
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""Letters that XML cannot hold."""


@frozen
class Item:
    """One entry of a feed.

    Attributes
    ----------
    id : str
        `entry_id` of an entry of the record, `other_id` of what is in no record; never another for the same.
    link : str
        Where a person reads more.
    data : str
        Where a program does; empty where there is nothing.
    """

    id: str
    title: str
    updated: datetime
    author: str
    summary: str
    link: str
    data: str = ""


@frozen
class Feed:
    """A feed, the newest item first.

    Attributes
    ----------
    name : str
        Of which its id is made.
    address, page : str
        Of the feed itself and of the page.
    head : (int, str) or None
        Number and digest of the newest entry of the record that it was made from.
    more : str
        Address of the items before these; empty where there are none.
    """

    name: str
    title: str
    subtitle: str
    updated: datetime
    address: str
    page: str
    items: tuple[Item, ...]
    head: tuple[int, str] | None = None
    more: str = ""

    @property
    def xml(self) -> bytes:
        """The document."""
        ET.register_namespace("", ATOM)
        ET.register_namespace("c", NAMESPACE)
        root = ET.Element(f"{{{ATOM}}}feed")
        _text(root, "id", other_id(self.name))
        _text(root, "title", self.title)
        _text(root, "subtitle", self.subtitle)
        _text(root, "updated", moment(self.updated))
        _link(root, "self", self.address, "application/atom+xml")
        _link(root, "alternate", self.page, "text/html")
        if self.more:
            _link(root, "next", self.more, "application/atom+xml")
        _text(root, "generator", PRODUCT)
        if self.head:
            sequence, digest = self.head
            ET.SubElement(root, f"{{{NAMESPACE}}}head", sequence=str(sequence), digest=digest)
        for item in self.items:
            _entry(root, item)
        ET.indent(root, " ")
        return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def entry_id(digest: str) -> str:
    """A name by content (RFC 6920): an entry of the record has it at every address, for ever."""
    return f"ni:///sha-256;{base64.urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip('=')}"


def other_id(*parts: str) -> str:
    """A name for what is in no record."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, chr(10).join(parts))}"


def moment(when: datetime) -> str:
    """A time as Atom wants it (RFC 3339)."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _entry(root: ET.Element, item: Item) -> None:
    entry = ET.SubElement(root, f"{{{ATOM}}}entry")
    _text(entry, "id", item.id)
    _text(entry, "title", item.title)
    _text(entry, "updated", moment(item.updated))
    _text(entry, "published", moment(item.updated))
    _text(ET.SubElement(entry, f"{{{ATOM}}}author"), "name", item.author)
    _link(entry, "alternate", item.link, "text/html")
    if item.data:
        _link(entry, "related", item.data, "application/json")
    _text(entry, "summary", item.summary)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _link(parent: ET.Element, rel: str, address: str, media: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=address, type=media)
