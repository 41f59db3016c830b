"""One POST to a machine we do not trust: at the address that was checked, within a time, no redirect, only the first words of the answer."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Timer
from time import monotonic

from django.utils.translation import gettext as _

from integration.webhooks.addresses import NotAllowed, Target, resolve, target_of

LONGEST_SECONDS = 10.0
LONGEST_CONNECT = 5.0
KEPT_BYTES = 1000
MOST_ADDRESSES = 2


@dataclass(frozen=True)
class Reply:
    """What came back: a status, or the trouble there was."""

    status: int | None
    words: str
    took_ms: int
    address: str = ""
    trouble: str = ""

    @property
    def taken(self) -> bool:
        """Whether the other side has it."""
        return self.status is not None and 200 <= self.status < 300


class _Pinned(http.client.HTTPConnection):
    """A connection over a socket that stands already; http.client looks no name up."""

    def __init__(self, target: Target, taken: socket.socket) -> None:
        super().__init__(target.host, target.port, timeout=LONGEST_SECONDS)
        self.sock = taken


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Send ``body``; never raises for what the other side does."""
    begun = monotonic()
    address = ""
    try:
        target = target_of(url)
        stands, address = _connected(target, resolve(target))
    except (NotAllowed, OSError, ValueError) as error:
        return Reply(None, "", _ms(begun), address, _words(error))
    late = Timer(max(0.0, LONGEST_SECONDS - (monotonic() - begun)), _cut, [stands])
    late.daemon = True
    late.start()
    try:
        status, words = _exchange(target, stands, body, headers)
    except (OSError, http.client.HTTPException, ValueError) as error:
        trouble = _("No answer within %(n)s seconds.") % {"n": int(LONGEST_SECONDS)} if not late.is_alive() else _words(error)
        return Reply(None, "", _ms(begun), address, trouble)
    finally:
        late.cancel()
        stands.close()
    return Reply(status, words, _ms(begun), address)


def _connected(target: Target, addresses: list[str]) -> tuple[socket.socket, str]:
    """A connection to one of the addresses that were looked up, to be encrypted for the name of the URL."""
    trouble = OSError("no address")
    for address in addresses[:MOST_ADDRESSES]:
        try:
            plain = socket.create_connection((address, target.port), timeout=LONGEST_CONNECT)
        except OSError as error:
            trouble = error
            continue
        plain.settimeout(LONGEST_SECONDS)
        if not target.secure:
            return plain, address
        safe = ssl.create_default_context()
        return safe.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False), address
    raise trouble


def _exchange(target: Target, stands: socket.socket, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    if isinstance(stands, ssl.SSLSocket):
        stands.do_handshake()
    connection = _Pinned(target, stands)
    connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Host": target.authority, "Content-Length": str(len(body)), "Connection": "close", **headers}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    try:
        words = answer.read(KEPT_BYTES)
    except (OSError, http.client.HTTPException):  # it has answered; what it says beside does not matter
        words = b""
    return answer.status, words.decode(errors="replace").replace("\x00", "")


def _cut(stands: socket.socket) -> None:
    """End the conversation from outside: whoever answers one letter a second would keep a worker for ever."""
    try:
        stands.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, NotAllowed) else f"{type(error).__name__}: {error}"


def _ms(begun: float) -> int:
    return round((monotonic() - begun) * 1000)
