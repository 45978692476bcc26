"""One message to one address, as Standard Webhooks signs it: HMAC-SHA256 over its id, its time and its bytes.

The name is looked up once, every address it has must be a public one, and the connection goes to the address that was
looked at: a name that means something else a moment later leads nowhere.
"""

import base64
import hashlib
import hmac
import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import urllib3
from urllib3.util import Retry, Timeout

from data.values import frozen
from models.alerts.watches import SECRET_PREFIX, Watch
from models.errors import FormatError

SECONDS = 5.0
"""To connect, and for each answer."""
TRIES, BACKOFF_SECONDS = 4, 1.0
"""Tries of one check, each after twice the wait: the next check begins anew."""
AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))
"""Public by their look, and a door into a private network where one translates."""

type Resolve = Callable[[str, int], list[str]]


def addresses(host: str, port: int) -> list[str]:
    """What a name means now.

    Raises
    ------
    FormatError
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise FormatError(
            f"the host {host[:80]} cannot be found ({error}); correct the address, or try later"
        ) from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(address: str) -> bool:
    """Whether an address lies in no private, local or reserved network."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    translated = ip.version == 6 and any(ip in network for network in TRANSLATED)
    return ip.is_global and not ip.is_multicast and not translated


def signature(secret: str, identifier: str, timestamp: int, body: bytes) -> str:
    """What the header ``webhook-signature`` says."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = hmac.new(key, b".".join((identifier.encode(), str(timestamp).encode(), body)), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


@frozen
class Message:
    """What is told.

    Attributes
    ----------
    id : str
        The same for every try, so that the other end can tell a second one.
    timestamp : int
        Seconds since 1970.
    """

    id: str
    timestamp: int
    body: bytes


def send(watch: Watch, message: Message, resolve: Resolve = addresses, backoff: float = BACKOFF_SECONDS) -> None:
    """Tell it, a few times if need be.

    Raises
    ------
    FormatError
        The address is a private one and need not be, or nobody took the message.
    """
    parts = urlsplit(watch.url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    found = resolve(host, port)
    hidden = [address for address in found if not is_public(address)]
    if not found or (hidden and not watch.private):
        raise FormatError(
            f"got the address {host[:80]}, which leads into a private network ({', '.join(hidden)[:80]}), expected a "
            "public one; add the watch with --private if that is meant"
        )
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": "Conjunction",
        "webhook-id": message.id,
        "webhook-timestamp": str(message.timestamp),
        "webhook-signature": signature(watch.secret, message.id, message.timestamp, message.body),
    }
    retries = Retry(
        total=TRIES - 1,
        redirect=0,
        allowed_methods=None,
        status_forcelist=AGAIN,
        backoff_factor=backoff,
        respect_retry_after_header=False,
        raise_on_status=False,
    )
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    with _pool(found[0], port, host if secure else "") as pool:
        try:
            answer = pool.urlopen(
                "POST", target, message.body, headers, retries=retries, redirect=False, preload_content=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise FormatError(
                f"{host[:80]} took no message ({type(error).__name__}); it is tried again next time"
            ) from error
        answer.close()  # what else it says is nobody's business, however long
    if not 200 <= answer.status < 300:
        raise FormatError(f"{host[:80]} answered {answer.status}, expected 200 to 299; it is tried again next time")


def _pool(address: str, port: int, name: str) -> urllib3.HTTPConnectionPool:
    """Connections to an address that was looked at, under the certificate of its name."""
    timeout = Timeout(connect=SECONDS, read=SECONDS)
    if not name:
        return urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    named = {"server_hostname": name, "assert_hostname": name, "cert_reqs": "CERT_REQUIRED"}
    return urllib3.HTTPSConnectionPool(address, port, timeout=timeout, **named)
