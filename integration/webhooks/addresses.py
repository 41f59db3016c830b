"""Where webhooks may go: to machines of the internet, never into our own network, whatever a name resolves to."""

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
COMPATIBLE = ipaddress.IPv6Network("::/96")
REFUSED = tuple(ipaddress.ip_network(one) for one in ("64:ff9b:1::/48", "fec0::/10", "192.88.99.0/24", "240.0.0.0/4"))
LONGEST_URL = 500


class NotAllowed(Exception):
    """No webhook goes there, in words."""


@dataclass(frozen=True)
class Target:
    """A URL in its parts."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """A URL taken apart; raises NotAllowed for what can never be one of an endpoint. Asks no name server."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if ":" not in (parts.hostname or "") else str(parts.hostname)
    except ValueError as error:
        raise NotAllowed(_("This is no address of a web page.")) from error
    if len(url) > LONGEST_URL or not host or parts.scheme not in {"https", "http"} or not url.isprintable() or " " in url:
        raise NotAllowed(_("This is no address of a web page."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NotAllowed(_("The address holds a user, a password or a fragment."))
    if parts.scheme == "http" and not settings.WEBHOOKS_TO_PRIVATE:
        raise NotAllowed(_("Webhooks only go to https addresses."))
    secure = parts.scheme == "https"
    path = parts.path or "/"
    if not path.isascii() or not parts.query.isascii():
        raise NotAllowed(_("Write what is no ASCII letter with percent signs."))
    target = Target(secure, host, port or (443 if secure else 80), f"{path}?{parts.query}" if parts.query else path)
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return target
    _check(literal)
    return target


def resolve(target: Target) -> list[str]:
    """The addresses behind a name, asked for once; raises NotAllowed when only one of them is not of the internet."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise NotAllowed(_("Nobody knows %(host)s.") % {"host": target.host}) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        _check(ipaddress.ip_address(address.partition("%")[0]))
    return addresses


def is_public(address: Address) -> bool:
    """Whether it is a machine of the internet; what an IPv6 address carries inside counts as well."""
    return all(
        one.is_global
        and not (one.is_multicast or one.is_reserved or one.is_loopback or one.is_link_local or one.is_private or one.is_unspecified)
        and not any(one in network for network in REFUSED if network.version == one.version)
        for one in (_inside(address) or (address,))
    )


def _inside(address: Address) -> tuple[Address, ...]:
    """The IPv4 addresses an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    return tuple(_carried(address))


def _carried(address: ipaddress.IPv6Address) -> Iterator[Address]:
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _check(address: Address) -> None:
    if not settings.WEBHOOKS_TO_PRIVATE and not is_public(address):
        raise NotAllowed(_("%(address)s is not an address of the internet.") % {"address": address})
