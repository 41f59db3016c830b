"""Signatures as Standard Webhooks lays down: HMAC-SHA256 over id, time and body."""

import binascii
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""How many bytes a secret has."""


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
