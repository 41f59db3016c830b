"""Secrets the house must be able to read again (it signs with them), kept so that whoever reads the database alone cannot.

Fernet (AES-128-CBC and HMAC-SHA256, of the library ``cryptography``) under a key made from ``SECRET_KEY``. It protects dumps, backups and
replicas; whoever has the database and ``SECRET_KEY`` reads everything. After ``SECRET_KEY`` changed, the old one belongs into
``SECRET_KEY_FALLBACKS`` until every secret was made anew.
"""

import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class BrokenSeal(ValueError):
    """It was sealed under another key, or changed since."""


def seal(text: str) -> str:
    """``text`` as it may stand in the database; sealed twice it looks different."""
    return _house().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed; raises BrokenSeal."""
    try:
        return _house().decrypt(sealed).decode()
    except InvalidToken as error:
        raise BrokenSeal from error


def _house() -> MultiFernet:
    """Seals under today's key, opens under each that is still known."""
    return MultiFernet([Fernet(_key(str(key))) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    """A key for this use alone, so that none serves two."""
    return urlsafe_b64encode(hmac.digest(secret.encode(), b"satu sealing", "sha256"))
