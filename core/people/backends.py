"""Who may do what: asked in one statement a request."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission


class RolesBackend(ModelBackend):
    """Django's own rules; the permissions of the roles and the person's own come in one statement instead of two."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Every permission of an active person, as `sales.confirm_order`."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            names = "content_type__app_label", "codename"
            if user_obj.is_superuser:
                found = Permission.objects.order_by().values_list(*names)
            else:
                through_roles = Permission.objects.filter(group__in=user_obj.groups.all()).order_by().values_list(*names)
                found = through_roles.union(user_obj.user_permissions.order_by().values_list(*names))
            user_obj._perm_cache = {f"{app}.{codename}" for app, codename in found}
        permissions: set[str] = user_obj._perm_cache
        return permissions
