"""One question and its answer as bytes, whose name is their digest."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Self

from data.digest import sha256
from data.values import frozen
from models.text.output import json_text

JSON, ZIP, ATOM, PNG = "application/json", "application/zip", "application/atom+xml", "image/png"
HTML, SVG, PROBLEM = "text/html; charset=utf-8", "image/svg+xml", "application/problem+json"
ETAG_DIGITS = 32
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@frozen
class Call:
    """One question.

    Attributes
    ----------
    query : Mapping of str to tuple of str
        Every text of every parameter, in the order in which they came.
    path : Mapping of str to str
        Parts of the address.
    base : str
        Address of the page, with its prefix and without a slash at the end.
    """

    query: Mapping[str, tuple[str, ...]]
    path: Mapping[str, str] = NO_HEADERS
    base: str = ""

    def about(self, entry: str) -> Self:
        """The same reader's question about a saved forecast."""
        return replace(self, query=NO_HEADERS, path={"entry": entry})


@frozen(eq=False)
class Reply:
    """Bytes and what they are."""

    body: bytes
    media: str = JSON
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = NO_HEADERS

    @classmethod
    def of(cls, value: object, headers: Mapping[str, str] = NO_HEADERS) -> Self:
        """A value as the command line prints it."""
        return cls(body=json_text(value).encode() + b"\n", headers=headers)

    @property
    def etag(self) -> str:
        """A name for what was answered, weak since it may travel compressed."""
        return f'W/"{sha256(self.body)[:ETAG_DIGITS]}"'
