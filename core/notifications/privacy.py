"""What notifications say of persons: they name them."""

from django.utils.translation import gettext_lazy as _

from core.notifications.models import Notification
from core.privacy.registry import Personal, Rule

PERSONAL = (Personal(Notification, rows=lambda whom: Notification.objects.filter(whom.called_in("text")), remove=True),)
NOT_PERSONAL = {"notifications.Notification": "url icon key"}
RETENTION = (
    Rule(
        "notifications",
        _("Notifications that were read"),
        Notification,
        lambda until: Notification.objects.filter(read_at__lt=until),
        days=180,
    ),
)
