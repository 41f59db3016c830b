"""Who a token acts for, and with which rights."""

from hmac import compare_digest
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from core.people.backends import RolesBackend
from core.people.door.factors import owes_factor
from core.people.door.required import factor_needed
from core.people.models import User
from core.tokens.models import KEY, Token
from core.tokens.operations import note_use


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]  # knox has no types
    """``Authorization: Bearer satu_...``. The person acts with what the token's scopes leave of their rights."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """The person and the token, when one was sent; raises FactorNeeded while they owe the second factor their role asks for."""
        found: tuple[User, Token] | None = super().authenticate(request)
        if found is not None and owes_factor(found[0]):
            raise factor_needed()
        if found is not None:
            note_use(found[1], address=request.META.get("REMOTE_ADDR", ""), program=request.headers.get("User-Agent", ""))
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, Token]:
        """The living token with this secret; its owner with the rights that are left."""
        secret = token.decode("utf-8", "replace")
        digest = hash_token(secret.encode("ascii", "replace").decode())
        known = Token.objects.living().filter(token_key=secret[:KEY].replace("\x00", "")).select_related("use")
        found = next((one for one in known if compare_digest(one.digest, digest)), None)
        user = RolesBackend().with_rights(found.user_id) if found is not None else None
        if found is None or user is None or not user.is_active:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        if found.scopes:
            found.held = frozenset(user.get_all_permissions())
            user.is_superuser = False
            user._perm_cache = set(found.held & set(found.scopes))  # type: ignore[attr-defined]
        return user, found


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description calls it."""

    target_class = "core.tokens.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        words = "A token from `POST /api/v1/tokens/` or from the page of one's profile. A permission that its scopes lack answers 403 naming it."
        return {"type": "http", "scheme": "bearer", "description": words}
