"""By what a signpost is known again: a digest of everything that it asks and how it is settled."""

from collections.abc import Iterable
from dataclasses import asdict
from functools import cache

from data.digest import digest
from models.outcome.signpost_list import Signpost


@cache
def signpost_digest(signpost: Signpost) -> str:
    """Of everything that a signpost asks and how it is settled. What a yes says of other questions is no part of it."""
    return digest({name: value for name, value in asdict(signpost).items() if name != "implies"})


def list_digest(signposts: Iterable[Signpost]) -> str:
    """Of a list of signposts, by what they ask."""
    return digest({signpost.id: signpost_digest(signpost) for signpost in signposts})
