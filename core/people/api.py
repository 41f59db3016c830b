"""Users in the API."""

from django.db.models import QuerySet
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.permissions import IsOneself
from core.api.viewsets import Facts, OperationViewSet, VerbViewSet, creation, verb
from core.people import operations
from core.people.door import api as door
from core.people.door.factors import reset_factors
from core.people.models import User
from core.people.serializers import ChangePreferencesSerializer, ChangeRolesSerializer, CreateUserSerializer, MeSerializer, UserSerializer


class UserViewSet(OperationViewSet[User]):
    """Who may use Satu, and as what."""

    queryset = User.objects.prefetch_related("groups").order_by("-pk")
    serializer_class = UserSerializer
    filterset_fields = {"is_active": ["exact"], "kind": ["exact"], "groups__name": ["exact"]}
    search_fields = ("name", "email")
    ordering_fields = ("name", "joined_at")

    @creation("people.create_user", takes=CreateUserSerializer, sensitive=True)
    def create(self, facts: Facts, by: User) -> User:
        """Let somebody in, with the roles they work in."""
        return operations.create_user(by=by, **facts)

    @verb("people.change_roles", takes=ChangeRolesSerializer, sensitive=True)
    def change_roles(self, user: User, facts: Facts, by: User) -> User:
        """Decide what somebody may do from now on."""
        return operations.change_roles(user, facts["roles"], by=by)

    @verb("people.deactivate_user")
    def deactivate(self, user: User, facts: Facts, by: User) -> User:
        """End somebody's access: no sign-in, no session, no token from now on."""
        return operations.deactivate_user(user, by=by)

    @verb("people.reset_factors", sensitive=True)
    def reset_factors(self, user: User, facts: Facts, by: User) -> User:
        """Remove all second factors of somebody who lost them: their password alone opens again, until they set up new ones."""
        return reset_factors(user, by=by)


class MeViewSet(VerbViewSet):
    """Oneself: who the token or the session acts for."""

    queryset = User.objects.none()
    serializer_class = MeSerializer
    permission_classes = (IsOneself,)  # everybody is somebody
    pagination_class = None
    filter_backends = ()

    def get_queryset(self) -> QuerySet[User]:
        """Only oneself."""
        rows = User.objects.prefetch_related("groups")
        return rows.none() if getattr(self, "swagger_fake_view", False) else rows.filter(pk=User.of(self.request).pk)

    @extend_schema(responses=forced_singular_serializer(MeSerializer))  # type: ignore[no-untyped-call]
    def list(self, _request: Request) -> Response:
        """Who one is."""
        return self.answer(self.get_queryset().get(), None, 200)

    @extend_schema(request=ChangePreferencesSerializer, responses=MeSerializer)
    @action(detail=False, methods=["post"], url_path="change-preferences")
    def change_preferences(self, request: Request) -> Response:
        """Decide how one is called and sees one's screens: name, language, time zone, theme."""
        by = self.get_queryset().get()
        return self.answer(operations.change_preferences(by, by=by, **self.facts(ChangePreferencesSerializer, request)), None, 200)


ROUTES: list[tuple[str, type[VerbViewSet]]] = [("users", UserViewSet), *door.ROUTES, ("me", MeViewSet)]
