"""Who may call what."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

GRANTS: dict[str, tuple[str, ...]] = {}  # it declares no permissions of its own


class MissingScope(PermissionDenied):
    """The owner may, the token may not (RFC 6750, section 3.1)."""

    def __init__(self, needed: str) -> None:
        super().__init__(_("The scopes of this token lack %(permission)s, which its owner has.") % {"permission": needed})
        self.auth_header = f'Bearer error="insufficient_scope", scope="{needed}"'


class MayDoThis(BasePermission):
    """Signed in, and holding the permission the view names for this action. A view that names none is closed to everybody."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Ask the view which permission its present action needs."""
        if not request.user.is_authenticated or not request.user.is_active:
            return False
        if request.method == "OPTIONS" or getattr(view, "action", None) is None:
            return True
        needed = view.permission_for_action()
        if needed is None or request.user.has_perm(needed):
            return needed is not None
        if needed in getattr(request.auth, "held", ()):
            raise MissingScope(needed)
        raise PermissionDenied(_("This needs the permission %(permission)s.") % {"permission": needed})


class IsOneself(BasePermission):
    """Everybody has their own, whatever their roles. A token with scopes reads it and changes none of it."""

    def has_permission(self, request: Request, _view: Any) -> bool:
        """Signed in; with the whole of one's rights where something changes."""
        if not request.user.is_authenticated or not request.user.is_active:
            return False
        if request.method not in SAFE_METHODS and getattr(request.auth, "scopes", None):
            raise PermissionDenied(_("A token with scopes changes nothing that is its owner's own."))
        return True
