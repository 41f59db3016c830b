"""Tokens and services in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.limits import PerAddress
from core.api.permissions import IsOneself
from core.api.viewsets import Facts, OperationViewSet, VerbViewSet, creation, verb
from core.people.door.entering import let_in
from core.people.models import User
from core.people.serializers import UserSerializer
from core.tokens import operations
from core.tokens.models import Token
from core.tokens.serializers import (
    CreateServiceSerializer,
    NewTokenSerializer,
    ServiceTokenSerializer,
    SignInSerializer,
    TokenSerializer,
)


class ShowsASecret(VerbViewSet):
    """What is shown once is kept nowhere, so no ``Idempotency-Key`` is taken."""

    acts_once = False

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nobody between us and the program keeps it either."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if request.method == "POST":
            answer["Cache-Control"] = "no-store"
        return answer

    def shown(self, issued: tuple[Token, str]) -> Response:
        """The one time it is shown."""
        token, secret = issued
        return Response(NewTokenSerializer({"id": token.pk, "token": secret, "expires_at": token.expiry}).data, status=201)


class TokenViewSet(mixins.ListModelMixin, mixins.DestroyModelMixin, ShowsASecret):
    """POST e-mail and password for a token; send it as ``Authorization: Bearer <token>``; DELETE revokes it at once. One sees one's own."""

    queryset = Token.objects.select_related("use").order_by("-pk")
    serializer_class = TokenSerializer
    lookup_field = "token_key"
    lookup_value_regex = "[a-z0-9_]+"
    pagination_class = None
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Token]:
        """A person sees and revokes their own tokens only."""
        rows: QuerySet[Token] = super().get_queryset()
        return rows.filter(user=self.request.user) if isinstance(self.request.user, User) else rows.none()

    def get_permissions(self) -> list[Any]:
        """Signing in is open to everybody, the rest to who is signed in."""
        return [AllowAny()] if self.action == "create" else [IsOneself()]

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Signing in needs no credentials but the ones in the body."""
        return [] if getattr(self.request, "method", None) == "POST" else super().get_authenticators()

    def get_authenticate_header(self, request: Request) -> str:
        """Says how to sign in: a wrong password is 401, not 403."""
        return "Bearer"

    def get_throttles(self) -> list[Any]:
        """Guessing is slowed down."""
        return [PerAddress()] if self.action == "create" else super().get_throttles()

    @extend_schema(request=SignInSerializer, responses={201: NewTokenSerializer}, auth=[])
    def create(self, request: Request) -> Response:
        """Sign in with e-mail and password and get a token. It is shown once and nowhere kept."""
        facts = self.facts(SignInSerializer, request)
        user = let_in(request._request, email=facts.pop("email"), password=facts.pop("password"), code=facts.pop("code"))
        return self.shown(operations.issue_token(by=user, **facts))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Revoke one of one's tokens; it opens nothing any more."""
        operations.revoke_token(self.get_object(), by=User.of(request))
        return Response(status=204)


class IssuedTokenViewSet(OperationViewSet[Token], ShowsASecret):
    """Everybody's tokens, for those who look after the system. POST issues one for a service."""

    queryset = Token.objects.select_related("use").order_by("-pk")
    serializer_class = TokenSerializer
    filterset_fields: ClassVar = {"user": ["exact"], "token_key": ["exact"], "expiry": ["gte", "lte"], "revoked_at": ["isnull"]}
    search_fields = ("name", "token_key", "user__name")
    ordering_fields = ("name", "expiry", "created_at")

    @creation("tokens.issue_service_token", takes=ServiceTokenSerializer, gives=NewTokenSerializer, sensitive=True, waits=True)
    def create(self, facts: Facts, by: User) -> dict[str, Any]:
        """Let a program act as a service. The token is shown once and nowhere kept."""
        token, secret = operations.issue_service_token(facts.pop("service"), by=by, **facts)
        return {"id": token.pk, "token": secret, "expires_at": token.expiry}

    @verb("tokens.revoke_token")
    def revoke(self, token: Token, _facts: Facts, by: User) -> Token:
        """End a token now."""
        return operations.revoke_token(token, by=by)


class ServiceViewSet(OperationViewSet[User]):
    """What acts and is nobody: it has roles and tokens, and never signs in. It is ended as a user is."""

    queryset = User.objects.filter(kind=User.Kind.SERVICE).prefetch_related("groups").order_by("-pk")
    serializer_class = UserSerializer
    filterset_fields: ClassVar = {"is_active": ["exact"]}
    search_fields = ("name",)
    ordering_fields = ("name",)

    @creation("tokens.create_service", takes=CreateServiceSerializer, in_bulk=False, waits=True)
    def create(self, facts: Facts, by: User) -> User:
        """Let something act that is nobody."""
        return operations.create_service(by=by, **facts)


ROUTES: list[tuple[str, type[VerbViewSet]]] = [
    ("tokens", TokenViewSet),
    ("issued-tokens", IssuedTokenViewSet),
    ("services", ServiceViewSet),
]
