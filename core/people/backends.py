"""Who may do what: known as soon as it is known who somebody is."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from core.people.door.factors import owing
from core.people.models import User

Permissions = QuerySet[Permission, str]


class RolesBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's own rules; a person's permissions, and whether they still owe a second factor, come in the statement that reads the
    person, instead of three more for each request."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, with every permission, while they may come in."""
        user = self.with_rights(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def with_rights(self, user_id: int) -> User | None:
        """A person, or a service that acts by its tokens, with every permission."""
        permitted = Permission.objects.filter(Q(group__user=OuterRef("pk")) | Q(user=OuterRef("pk")))
        rows = User.objects.annotate(permitted=ArraySubquery(_names(permitted)), owes_factor=owing())
        user = rows.filter(pk=user_id).first()
        if user is not None and not user.is_superuser:
            user._perm_cache = set(user.permitted)  # type: ignore[attr-defined]
        return user

    def user_can_authenticate(self, user: Any) -> bool:
        """As the person themselves says."""
        return bool(user.may_sign_in)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Every permission of an active person, as `sales.confirm_order`."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            found = Permission.objects.all()
            if not user_obj.is_superuser:
                found = found.filter(Q(group__user=user_obj) | Q(user=user_obj))
            user_obj._perm_cache = set(_names(found))
        permissions: set[str] = user_obj._perm_cache
        return permissions


def _names(permissions: "QuerySet[Permission]") -> Permissions:
    """Permissions by their names."""
    return (
        permissions.order_by().annotate(full=Concat(F("content_type__app_label"), Value("."), F("codename"))).values_list("full", flat=True)
    )
