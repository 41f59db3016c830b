"""Who may do what: known as soon as it is known who somebody is."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission

from core.people.holding import held_by, named, read_with_rights
from core.people.models import User


class RolesBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's own rules; a person's permissions, and whether they still owe a second factor, come in the statement that reads the
    person, instead of three more for each request."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, with every permission, while they may come in."""
        user = self.with_rights(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def with_rights(self, user_id: int) -> User | None:
        """A person, or a service that acts by its tokens, with every permission."""
        return read_with_rights(user_id)

    def user_can_authenticate(self, user: Any) -> bool:
        """As the person themselves says."""
        return bool(user.may_sign_in)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Every permission of an active person, as `sales.confirm_order`."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            if user_obj.is_superuser:
                user_obj._perm_cache = set(named(Permission.objects.all()).values_list("full", flat=True))
            else:
                user_obj._perm_cache = set(held_by(user_obj).every)
        permissions: set[str] = user_obj._perm_cache
        return permissions
