"""Users in the API."""

from django.db.models import QuerySet
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.permissions import IsOneself
from core.api.viewsets import Facts, OperationViewSet, VerbViewSet, change, creation, verb
from core.people import operations, reshaping, teams
from core.people.door import api as door
from core.people.door.factors import reset_factors
from core.people.models import CompanyRole, Team, User
from core.people.serializers import (
    ChangePreferencesSerializer,
    ChangeRolesSerializer,
    CreateRoleSerializer,
    CreateTeamSerializer,
    CreateUserSerializer,
    MeSerializer,
    RoleSerializer,
    TeamSerializer,
    UpdateRoleSerializer,
    UpdateTeamSerializer,
    UserSerializer,
)


class UserViewSet(OperationViewSet[User]):
    """Who may use Satu, and as what."""

    queryset = User.objects.prefetch_related("groups").order_by("-pk")
    serializer_class = UserSerializer
    filterset_fields = {"is_active": ["exact"], "kind": ["exact"], "groups__name": ["exact"]}
    search_fields = ("name", "email")
    ordering_fields = ("name", "joined_at")

    @creation("people.create_user", takes=CreateUserSerializer, sensitive=True, waits=True)
    def create(self, facts: Facts, by: User) -> User:
        """Let somebody in, with the roles they work in."""
        return operations.create_user(by=by, **facts)

    @verb("people.change_roles", takes=ChangeRolesSerializer, sensitive=True, waits=True)
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


class RoleViewSet(OperationViewSet[CompanyRole]):
    """The roles people work in: what the product declares, and what the owner changed about it."""

    queryset = CompanyRole.objects.select_related("group").prefetch_related("group__permissions__content_type").order_by("-pk")
    serializer_class = RoleSerializer
    filterset_fields = {"group__name": ["exact"]}
    search_fields = ("group__name", "own_name")

    @creation("people.create_role", takes=CreateRoleSerializer, sensitive=True)
    def create(self, facts: Facts, by: User) -> CompanyRole:
        """Make a role of the company's own."""
        return reshaping.create_role(by=by, **facts)

    @change("people.update_role", takes=UpdateRoleSerializer, sensitive=True, waits=True)
    def partial_update(self, role: CompanyRole, facts: Facts, by: User) -> CompanyRole:
        """Decide what a role may do, from everybody's next request on."""
        return reshaping.update_role(role, by=by, **facts)

    @verb("people.reset_role", sensitive=True, waits=True)
    def reset(self, role: CompanyRole, facts: Facts, by: User) -> CompanyRole:
        """Let a role do what the product says."""
        return reshaping.reset_role(role, by=by)

    @verb("people.retire_role", sensitive=True)
    def retire(self, role: CompanyRole, facts: Facts, by: User) -> CompanyRole:
        """Let nobody be given a role any more."""
        return reshaping.retire_role(role, by=by)

    @verb("people.restore_role", sensitive=True, waits=True)
    def restore(self, role: CompanyRole, facts: Facts, by: User) -> CompanyRole:
        """Take a retired role up again."""
        return reshaping.restore_role(role, by=by)


class TeamViewSet(OperationViewSet[Team]):
    """Who works together: people of a team see each other's work, where their role says so."""

    queryset = Team.objects.prefetch_related("members").order_by("-pk")
    serializer_class = TeamSerializer
    search_fields = ("name",)
    ordering_fields = ("name",)

    @creation("people.create_team", takes=CreateTeamSerializer, sensitive=True)
    def create(self, facts: Facts, by: User) -> Team:
        """Let people see each other's work."""
        return teams.create_team(by=by, **facts)

    @change("people.update_team", takes=UpdateTeamSerializer, sensitive=True)
    def partial_update(self, team: Team, facts: Facts, by: User) -> Team:
        """Decide who is in a team, and who leads it."""
        return teams.update_team(team, by=by, **facts)

    @verb("people.dissolve_team")
    def dissolve(self, team: Team, facts: Facts, by: User) -> Team:
        """Let its people see what their role alone lets them see."""
        return teams.dissolve_team(team, by=by)


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


ROUTES: list[tuple[str, type[VerbViewSet]]] = [
    ("users", UserViewSet),
    ("roles", RoleViewSet),
    ("teams", TeamViewSet),
    *door.ROUTES,
    ("me", MeViewSet),
]
