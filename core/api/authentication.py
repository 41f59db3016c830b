"""Who a request of a program acts for."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.request import Request

from core.people.door.factors import owes_factor
from core.people.door.required import factor_needed


class Tokens(TokenAuthentication):  # type: ignore[misc]
    """A token opens what its person may do, and nothing while they owe the second factor their role asks for."""

    def authenticate(self, request: Request) -> Any:
        """The person and the token; raises FactorNeeded."""
        found = super().authenticate(request)
        if found is not None and owes_factor(found[0]):
            raise factor_needed()
        return found


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description of the API calls it."""

    target_class = Tokens
    name = "token"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, Any]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer"}
