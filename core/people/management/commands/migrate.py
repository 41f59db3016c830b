"""``migrate``, which also brings the roles, the rules of keeping and those of second persons up to date with the code."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from core.approvals.rules import sync_second_persons
from core.people.granting import sync_roles
from core.privacy.retention import sync_rules


class Command(Migrate):
    """Django's migrate, then the roles and the rules."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; when everything is applied, write the roles' permissions and the rules there are."""
        super().handle(*args, **options)
        if options.get("plan") or options.get("check_unapplied") or options.get("app_label"):
            return
        sync_roles()
        sync_rules()
        sync_second_persons()
