"""One's own sign-in in the API, and what signing in takes in which role."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db.models import QuerySet
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.api.permissions import IsOneself
from core.api.viewsets import VerbViewSet
from core.people.door import confirming, factors, sessions
from core.people.forms import role_choices
from core.people.models import SignInRule, User
from core.people.operations import change_password


class FactorSerializer(serializers.ModelSerializer[Authenticator]):
    """Something one shows beside the password: an app (``totp``) or a passkey (``webauthn``)."""

    name = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Authenticator
        fields = ("id", "type", "name", "created_at", "last_used_at")
        read_only_fields = fields


class SessionSerializer(serializers.ModelSerializer[UserSession]):
    """A device on which one is signed in. ``current`` is the one that asks."""

    name = serializers.SerializerMethodField()
    current = serializers.SerializerMethodField()

    class Meta:
        model = UserSession
        fields = ("id", "name", "ip", "created_at", "last_seen_at", "current")
        read_only_fields = fields

    def get_name(self, device: UserSession) -> str:
        """As people call it."""
        return sessions.name_of(device)

    def get_current(self, device: UserSession) -> bool:
        """Whether it is this one."""
        return bool(device.session_key == self.context["request"].session.session_key)


class NewAppSerializer(serializers.Serializer[Any]):
    """A secret for an authenticator app, and the same as the address that a QR code holds. It is not kept: send it back with a code."""

    secret = serializers.CharField()
    url = serializers.CharField()


class AddAppSerializer(serializers.Serializer[Any]):
    """The secret the app was given, and the code it shows, which proves it."""

    secret = serializers.RegexField(r"^[A-Z2-7]{32}$")
    code = serializers.CharField(max_length=12)


class RecoveryCodesSerializer(serializers.Serializer[Any]):
    """Recovery codes that are left; each opens once."""

    codes = serializers.ListField(child=serializers.CharField())


class ConfirmSerializer(serializers.Serializer[Any]):
    """One of both: the password, or the code of one's app (or a recovery code)."""

    password = serializers.CharField(max_length=128, required=False, default="", trim_whitespace=False, write_only=True)
    code = serializers.CharField(max_length=20, required=False, default="", write_only=True)


class ConfirmationSerializer(serializers.Serializer[Any]):
    """To be sent as header ``Satu-Confirmation`` with what is sensitive, until it ends."""

    confirmation = serializers.CharField()
    expires_at = serializers.DateTimeField()


class ChangePasswordSerializer(serializers.Serializer[Any]):
    """The password now, and the new one."""

    old = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, write_only=True)


class SignInRulesSerializer(serializers.Serializer[Any]):
    """The roles whose people need a second factor; in all others it is not needed."""

    second_factor = serializers.ListField(child=serializers.CharField(max_length=150))

    def validate_second_factor(self, roles: list[str]) -> list[str]:
        """Only roles that exist."""
        unknown = set(roles) - {key for key, _name in role_choices()}
        if unknown:
            raise serializers.ValidationError([f"There is no role {role}." for role in sorted(unknown)])
        return roles


class OwnViewSet(VerbViewSet):
    """Something of one's own: everybody signed in has it."""

    permission_classes: tuple[type[BasePermission], ...] = (IsOneself,)
    pagination_class = None
    filter_backends = ()

    @property
    def by(self) -> User:
        """Who asks."""
        return User.objects.get(pk=User.of(self.request).pk)


class FactorViewSet(OwnViewSet):
    """One's second factors. Passkeys are added on the security page, by a browser."""

    queryset = Authenticator.objects.none()
    serializer_class = FactorSerializer
    lookup_value_regex = r"\d{1,18}"

    @property
    def acts_once(self) -> bool:  # type: ignore[override]
        """But for what shows a secret."""
        return self.action not in {"prepare_app", "renew_codes"}

    @extend_schema(responses=FactorSerializer(many=True))
    def list(self, request: Request) -> Response:
        """What one has."""
        return Response(FactorSerializer(factors.factors_of(self.by), many=True).data)

    @extend_schema(request=None, responses=NewAppSerializer)
    @action(detail=False, methods=["post"], url_path="prepare-app")
    def prepare_app(self, request: Request) -> Response:
        """A fresh secret for an authenticator app. Nothing changes yet."""
        secret = generate_totp_secret()
        return Response({"secret": secret, "url": get_adapter().build_totp_url(self.by, secret)}, headers={"Cache-Control": "no-store"})

    @extend_schema(request=AddAppSerializer, responses={201: FactorSerializer})
    @action(detail=False, methods=["post"], url_path="add-app")
    def add_app(self, request: Request) -> Response:
        """Make the app a second factor. Sensitive."""
        confirming.demand(request)
        added = factors.add_totp(self.by, by=self.by, **self.facts(AddAppSerializer, request))
        return Response(FactorSerializer(added).data, status=201)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """Use it no more. Sensitive."""
        confirming.demand(request)
        factors.remove_factor(self.by, int(pk), by=self.by)
        return Response(status=204)

    @extend_schema(request=None, responses=RecoveryCodesSerializer)
    @action(detail=False, methods=["post"], url_path="renew-codes")
    def renew_codes(self, request: Request) -> Response:
        """New recovery codes; the old ones open nothing any more. Sensitive, and shown once."""
        confirming.demand(request)
        factors.renew_recovery_codes(self.by, by=self.by)
        codes = factors.codes_of(self.by)
        return Response({"codes": list(codes.unused) if codes else []}, headers={"Cache-Control": "no-store"})


class SessionViewSet(OwnViewSet):
    """Where one is signed in."""

    queryset = UserSession.objects.none()
    serializer_class = SessionSerializer
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(responses=SessionSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The devices, the one seen last first."""
        return Response(SessionSerializer(sessions.devices_of(self.by), many=True, context={"request": request}).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Sign out there."""
        sessions.end_session(self.by, int(pk), by=self.by)
        return Response(status=204)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="end-others")
    def end_others(self, request: Request) -> Response:
        """Sign out everywhere else: a session that asks stays, a token that asks leaves none."""
        sessions.end_other_sessions(self.by, but=request.session.session_key, by=self.by)
        return Response(status=204)


class ConfirmViewSet(OwnViewSet):
    """Shows that it is really oneself who is about to do something sensitive, with whatever token."""

    queryset = User.objects.none()
    serializer_class = ConfirmationSerializer
    permission_classes = (IsAuthenticated,)
    acts_once = False

    @extend_schema(request=ConfirmSerializer, responses={200: ConfirmationSerializer})
    def create(self, request: Request) -> Response:
        """Confirm by password or code; a session remembers it by itself, a token sends the confirmation along."""
        by = self.by
        confirming.confirm(request, by, **self.facts(ConfirmSerializer, request))
        sealed, until = confirming.confirmation_for(by)
        return Response(ConfirmationSerializer({"confirmation": sealed, "expires_at": until}).data, headers={"Cache-Control": "no-store"})


class PasswordViewSet(OwnViewSet):
    """One's password."""

    queryset = User.objects.none()
    serializer_class = ChangePasswordSerializer

    @extend_schema(request=ChangePasswordSerializer, responses={204: None})
    def create(self, request: Request) -> Response:
        """Change it; every other session ends."""
        by, facts = self.by, self.facts(ChangePasswordSerializer, request)
        confirming.slow_down("change_password", by)
        fresh = change_password(by, old=facts["old"], password=facts["password"], by=by)
        if request.auth is None:
            update_session_auth_hash(request._request, fresh)
            sessions.note_device(request._request, clock.now())
        return Response(status=204)


class SignInRuleViewSet(VerbViewSet):
    """What signing in takes in which role."""

    queryset = SignInRule.objects.none()
    serializer_class = SignInRulesSerializer
    pagination_class = None
    filter_backends = ()

    def get_queryset(self) -> QuerySet[SignInRule]:
        """The rules."""
        return SignInRule.objects.order_by("role")

    def permission_for_action(self) -> str | None:
        """Who decides may look."""
        return "people.require_second_factor" if self.action in {"list", "require_second_factor"} else None

    @extend_schema(responses=forced_singular_serializer(SignInRulesSerializer))  # type: ignore[no-untyped-call]
    def list(self, request: Request) -> Response:
        """The roles that need a second factor."""
        return Response({"second_factor": sorted(factors.roles_that_need_one())})

    @extend_schema(request=SignInRulesSerializer, responses=SignInRulesSerializer)
    @action(detail=False, methods=["post"], url_path="require-second-factor")
    def require_second_factor(self, request: Request) -> Response:
        """Decide which roles need one. Sensitive."""
        confirming.demand(request)
        factors.require_second_factor(self.facts(SignInRulesSerializer, request)["second_factor"], by=User.of(request))
        return Response({"second_factor": sorted(factors.roles_that_need_one())})


ROUTES: list[tuple[str, type[VerbViewSet]]] = [
    ("me/factors", FactorViewSet),
    ("me/sessions", SessionViewSet),
    ("me/confirm", ConfirmViewSet),
    ("me/password", PasswordViewSet),
    ("sign-in-rules", SignInRuleViewSet),
]
