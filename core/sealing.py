"""Secrets the house must be able to read again (it signs with them), kept so that whoever reads the database alone cannot.

A sealed text is XORed with a stream of HMAC-SHA256 under a key made from ``SECRET_KEY`` and a salt of its own, and carries an HMAC over both
(encrypt, then authenticate). It protects dumps, backups and replicas; whoever has the database and ``SECRET_KEY`` reads everything. After
``SECRET_KEY`` changed, the old one belongs into ``SECRET_KEY_FALLBACKS`` until every secret was made anew.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.conf import settings

VERSION = "s1"
SALT, TAG = 16, 32


class BrokenSeal(ValueError):
    """It was sealed under another key, or changed since."""


def seal(text: str) -> str:
    """``text`` as it may stand in the database; sealed twice it looks different."""
    salt = secrets.token_bytes(SALT)
    hidden = _masked(text.encode(), settings.SECRET_KEY, salt)
    return f"{VERSION}.{urlsafe_b64encode(salt + hidden + _tag(settings.SECRET_KEY, salt + hidden)).decode()}"


def unseal(sealed: str) -> str:
    """What was sealed; raises BrokenSeal."""
    version, _dot, coded = sealed.partition(".")
    if version == VERSION:
        raw = urlsafe_b64decode(coded)
        sealed_bytes, tag = raw[:-TAG], raw[-TAG:]
        for key in map(str, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)):
            if hmac.compare_digest(tag, _tag(key, sealed_bytes)):
                return _masked(sealed_bytes[SALT:], key, sealed_bytes[:SALT]).decode()
    raise BrokenSeal


def _masked(data: bytes, key: str, salt: bytes) -> bytes:
    own = _key(key, b"mask")
    blocks = range(-(-len(data) // hashlib.sha256().digest_size))
    stream = b"".join(hmac.digest(own, salt + block.to_bytes(8, "big"), "sha256") for block in blocks)
    return bytes(one ^ other for one, other in zip(data, stream, strict=False))


def _tag(key: str, data: bytes) -> bytes:
    return hmac.digest(_key(key, b"tag"), data, "sha256")


def _key(key: str, use: bytes) -> bytes:
    """One key for each use, so that none serves two."""
    return hmac.digest(key.encode(), b"satu sealing " + use, "sha256")
