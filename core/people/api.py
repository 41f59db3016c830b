"""Users in the API."""

from core.api.viewsets import Facts, OperationViewSet, creation, verb
from core.people import operations
from core.people.models import User
from core.people.serializers import ChangeRolesSerializer, CreateUserSerializer, UserSerializer


class UserViewSet(OperationViewSet[User]):
    """Who may use Satu, and as what."""

    queryset = User.objects.prefetch_related("groups").order_by("-pk")
    serializer_class = UserSerializer
    filterset_fields = {"is_active": ["exact"], "kind": ["exact"], "groups__name": ["exact"]}
    search_fields = ("name", "email")
    ordering_fields = ("name", "joined_at")

    @creation("people.create_user", takes=CreateUserSerializer)
    def create(self, facts: Facts, by: User) -> User:
        """Let somebody in, with the roles they work in."""
        return operations.create_user(by=by, **facts)

    @verb("people.change_roles", takes=ChangeRolesSerializer)
    def change_roles(self, user: User, facts: Facts, by: User) -> User:
        """Decide what somebody may do from now on."""
        return operations.change_roles(user, facts["roles"], by=by)

    @verb("people.deactivate_user")
    def deactivate(self, user: User, facts: Facts, by: User) -> User:
        """End somebody's access: no sign-in, no session, no token from now on."""
        return operations.deactivate_user(user, by=by)


ROUTES = [("users", UserViewSet)]
