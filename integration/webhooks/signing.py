"""Signatures as Standard Webhooks lays down: HMAC-SHA256 over id, time and body."""

import binascii
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""How many bytes a secret has."""


TOLERANCE_SECONDS = 300
"""How far a message's time may be from our clock."""

LONGEST_ID = 200


class Malformed(Exception):
    """A header of the three is missing, or none that could be right."""


class TooOld(Exception):
    """It was signed long ago, or in the future: perhaps somebody sends it once more."""


class NotSigned(Exception):
    """No signature is right."""


class BadSecret(ValueError):
    """A secret is ``whsec_`` and 24 to 64 bytes in Base64."""


def new_secret() -> str:
    """A secret that nobody guesses."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The bytes a secret stands for; raises BadSecret."""
    if not secret.startswith(PREFIX):
        raise BadSecret
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise BadSecret from error
    if not SHORTEST <= len(key) <= LONGEST:
        raise BadSecret
    return key


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature, with its version."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return f"v1,{b64encode(hmac.digest(key_of(secret), signed, 'sha256')).decode()}"


def headers(kept: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers; while a secret is changed, every one that still holds signs."""
    signatures = " ".join(sign(secret, message_id, timestamp, body) for secret in kept)
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": signatures}


def verify(kept: Iterable[str], given: Mapping[str, str], body: bytes, *, now: float) -> str:
    """The id of a message whose signature and time are right; raises Malformed, TooOld or NotSigned."""
    message_id, stamp, signatures = (given.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not 1 <= len(message_id) <= LONGEST_ID or not message_id.isprintable() or not re.fullmatch(r"[0-9]{1,12}", stamp) or not signatures:
        raise Malformed
    if abs(now - int(stamp)) > TOLERANCE_SECONDS:
        raise TooOld
    told = [one.encode() for one in signatures.split(" ")]
    expected = [sign(secret, message_id, int(stamp), body).encode() for secret in kept]
    if not any([hmac.compare_digest(one, other) for one in told for other in expected]):  # noqa: C419 - each compared, whichever is right
        raise NotSigned
    return message_id
