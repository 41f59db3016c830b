"""``migrate``, which also brings the roles up to date with the code."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from core.people.roles import sync_roles


class Command(Migrate):
    """Django's migrate, then the roles."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; when everything is applied, write the roles' permissions."""
        super().handle(*args, **options)
        if options.get("plan") or options.get("check_unapplied") or options.get("app_label"):
            return
        sync_roles()
