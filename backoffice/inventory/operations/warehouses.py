"""Opening a warehouse."""

from django.utils.translation import gettext as _

from backoffice.inventory.models import Location, Warehouse
from core.db import locked
from core.people.models import User


def install_warehouse(*, by: User) -> Warehouse:
    """Open the main warehouse, and the places outside it that goods come from and go to. What exists stays as it is."""
    with locked(by=by):
        warehouse, _is_new = Warehouse.objects.get_or_create(is_main=True, defaults={"code": "MAIN", "name": _("Main warehouse")})
        Location.objects.get_or_create(warehouse=warehouse, is_default=True, defaults={"kind": Location.Kind.INTERNAL, "name": _("Stock")})
        for kind, name in Location.Kind.choices:
            if kind != Location.Kind.INTERNAL:
                Location.objects.get_or_create(kind=kind, warehouse=None, defaults={"name": str(name)})
    return warehouse
