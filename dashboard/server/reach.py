"""Who can reach the server: this machine alone, or others too."""

from collections.abc import Mapping

from streamlit import config

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
"""What a server that passes a request on says of itself, one or the other."""


def is_for_this_machine(headers: Mapping[str, str]) -> bool:
    """Whether nobody but this machine can ask: the server listens to it alone, answers to its names alone, and nothing
    stands between. Where that holds, whoever sits here may change what the files hold.

    Parameters
    ----------
    headers : mapping of str to str
        Of the request; one that was passed on by another server says so.
    """
    names, address = set(config.get_option("server.allowedHosts")), str(config.get_option("server.address"))
    alone = (address in LOOPBACK or address.startswith("127.")) and bool(names) and names <= LOOPBACK
    return alone and not any(name in headers for name in FORWARDED)
