"""Who may call what."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

GRANTS: dict[str, tuple[str, ...]] = {}  # it declares no permissions of its own


class MayDoThis(BasePermission):
    """Signed in, and holding the permission the view names for this action. A view that names none is closed to everybody."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Ask the view which permission its present action needs."""
        if not request.user.is_authenticated or not request.user.is_active:
            return False
        if request.method == "OPTIONS" or view.action is None:
            return True
        needed = view.permission_for_action()
        return needed is not None and request.user.has_perm(needed)
