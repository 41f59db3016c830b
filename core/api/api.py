"""API tokens: hashed in the database, shown once, revocable."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import mixins, serializers, viewsets
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.idempotency import HEADER
from core.api.limits import PerAddress
from core.people.models import User


class SignInSerializer(serializers.Serializer[Any]):
    """E-mail and password of the person the token acts for."""

    email = serializers.EmailField()
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    days = serializers.IntegerField(min_value=1, max_value=365, default=90)


class NewTokenSerializer(serializers.Serializer[Any]):
    """The token itself; it is not shown again."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class TokenSerializer(serializers.ModelSerializer[AuthToken]):
    """A token as far as it may be seen afterwards."""

    class Meta:
        model = AuthToken
        fields = ("token_key", "created", "expiry")
        read_only_fields = fields


class TokenViewSet(mixins.ListModelMixin, mixins.DestroyModelMixin, viewsets.GenericViewSet[AuthToken]):
    """POST e-mail and password for a token; send it as ``Authorization: Bearer <token>``; DELETE revokes it at once."""

    queryset = AuthToken.objects.all()
    serializer_class = TokenSerializer
    lookup_field = "token_key"
    pagination_class = None
    filter_backends = ()

    def get_queryset(self) -> Any:
        """A person sees and revokes their own tokens only."""
        if not isinstance(self.request.user, User):
            return AuthToken.objects.none()
        return AuthToken.objects.filter(user=self.request.user).order_by("-created")

    def get_permissions(self) -> list[Any]:
        """Signing in is open to everybody, the rest to who is signed in."""
        return [AllowAny()] if self.action == "create" else [IsAuthenticated()]

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
        """Sign in with e-mail and password and get a token. It is shown once and nowhere kept, so no Idempotency-Key is taken."""
        if HEADER in request.headers:
            raise serializers.ValidationError({HEADER: [_("A token is shown only once: ask for it without a key.")]})
        serializer = SignInSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        facts = serializer.validated_data
        user = authenticate(request._request, username=facts["email"].lower(), password=facts["password"])
        if user is None:
            raise AuthenticationFailed(_("E-mail and password do not belong together."))
        token, secret = AuthToken.objects.create(user=user, expiry=timedelta(days=facts["days"]))
        return Response(NewTokenSerializer({"token": secret, "expires_at": token.expiry}).data, status=201)


ROUTES = [("tokens", TokenViewSet)]
