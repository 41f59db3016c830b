"""What the door writes to people: through our own outgoing mail, in their language, in the same commit as what it is about."""

from uuid import uuid4

from django.utils.translation import gettext as _

from core.effects.operations import request_mail
from core.people.models import User
from core.people.reading import as_read_by


def send_reset_link(user: User, link: str) -> None:
    """The way to a new password, for whoever reads the mail of this address. Call it inside a transaction."""
    with as_read_by(user):
        body = _(
            "Hello %(name)s,\n\nsomebody, hopefully you, asked for a new password for Satu. Choose one here within the hour:\n\n%(link)s\n\n"
            "If it was not you, do nothing: your password stays as it is."
        ) % {"name": user.name, "link": link}
        _write(user, _("Choose a new password"), body, secret=link)


def tell_of_change(user: User, what: str) -> None:
    """How somebody signs in was changed: they hear of it, so that a stranger does not do it unnoticed. Call it inside a transaction."""
    with as_read_by(user):
        body = _(
            "Hello %(name)s,\n\n%(what)s\n\nIf it was not you, change your password, sign out everywhere on your security page, and tell "
            "an owner of your company."
        ) % {"name": user.name, "what": what}
        _write(user, _("Your sign-in was changed"), body)


def _write(user: User, subject: str, body: str, *, secret: str = "") -> None:
    request_mail(to=[user.email], subject=subject, body=body, secret=secret, key=f"door:{uuid4()}", by=User.objects.service())
