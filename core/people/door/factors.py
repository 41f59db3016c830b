"""Second factors: which somebody has, which their role asks for, and what is done with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.utils.translation import gettext as _

from core.db import locked
from core.errors import Refused
from core.people.door.mail import tell_of_change
from core.people.door.owing import SECOND, owing
from core.people.models import CompanyRole, SignInRule, User

MOST_PASSKEYS = 20


class WrongCode(Refused):
    """The six digits are not the ones the app shows now."""


class HasOne(Refused):
    """One authenticator app is enough; a second would make nobody safer."""


class NoFactor(Refused):
    """Recovery codes stand in for a second factor, so there has to be one."""


class TooMany(Refused):
    """Nobody carries that many keys."""


@dataclass(frozen=True)
class Codes:
    """Recovery codes as they may be shown, and how many are left."""

    unused: tuple[str, ...]
    made: int


def owes_factor(user: User) -> bool:
    """Whether a role of theirs asks for a second factor they have not set up; known already when the session's sign-in read them."""
    known: bool | None = getattr(user, "owes_factor", None)
    return User.objects.filter(owing(), pk=user.pk).exists() if known is None else known


def factors_of(user: User) -> list[Authenticator]:
    """What somebody can show beside their password, the oldest first."""
    return list(Authenticator.objects.filter(user=user, type__in=SECOND).order_by("created_at", "pk"))


def codes_of(user: User) -> Codes | None:
    """The recovery codes somebody has; None without any."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if kept is None:
        return None
    codes = RecoveryCodes(kept)
    return Codes(tuple(codes.get_unused_codes()), len(codes.generate_codes()))


def add_totp(user: User, *, secret: str, code: str, by: User) -> Authenticator:
    """From now on the app that knows ``secret`` is a second factor; ``code`` is what it shows, which proves that it was set up right."""
    with locked(user, by=by) as user:
        if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            raise HasOne(_("You have an authenticator app already."), fix=_("Remove it first, then add the new one."))
        app = TOTP.activate(user, secret)
        if not app.validate_code(code.replace(" ", "")):
            raise WrongCode(_("That is not the code the app shows now."), fix=_("Wait for the next one and type it."), field="code")
        factor: Authenticator = app.instance
        _have_codes(user)
        tell_of_change(user, _("An authenticator app was added to your sign-in."))
    return factor


def add_passkey(user: User, *, name: str, credential: dict[str, Any], by: User) -> Authenticator:
    """From now on this passkey is a second factor, and a sign-in of its own. The credential was checked against what we asked for."""
    with locked(user, by=by) as user:
        if Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() >= MOST_PASSKEYS:
            raise TooMany(_("You have %(most)s passkeys already.") % {"most": MOST_PASSKEYS}, fix=_("Remove one you do not use any more."))
        factor: Authenticator = WebAuthn.add(user, name.strip() or _("Passkey"), credential).instance
        _have_codes(user)
        tell_of_change(user, _("The passkey “%(name)s” was added to your sign-in.") % {"name": factor.wrap().name})
    return factor


def remove_factor(user: User, factor_id: int, *, by: User) -> User:
    """This app or passkey is not a factor any more. With the last one the recovery codes go, too."""
    with locked(user, by=by) as user:
        gone = Authenticator.objects.filter(user=user, type__in=SECOND, pk=factor_id).first()
        if gone is None:
            raise NoFactor(_("There is no such factor."), fix=_("Load the page again."))
        name = str(gone)
        gone.delete()
        if not Authenticator.objects.filter(user=user, type__in=SECOND).exists():
            Authenticator.objects.filter(user=user).delete()
        tell_of_change(user, _("“%(name)s” was removed from your sign-in.") % {"name": name})
    return user


def renew_recovery_codes(user: User, *, by: User) -> User:
    """New codes; the old ones open nothing any more."""
    with locked(user, by=by) as user:
        if not Authenticator.objects.filter(user=user, type__in=SECOND).exists():
            raise NoFactor(_("Recovery codes stand in for a second factor, and you have none."), fix=_("Set one up first."))
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        _have_codes(user)
        tell_of_change(user, _("New recovery codes were made for your sign-in."))
    return user


def reset_factors(user: User, *, by: User) -> User:
    """Somebody lost their phone and their codes: take all their factors away, so that the password opens again and they set up new ones."""
    if user.pk == by.pk:
        raise NoFactor(_("Your own factors are on your security page."), fix=_("Remove them there, one by one."))
    with locked(user, by=by) as user:
        if not Authenticator.objects.filter(user=user).delete()[0]:
            raise NoFactor(_("%(name)s has no second factor.") % {"name": user.name})
        tell_of_change(user, _("Your second factors were removed by %(name)s.") % {"name": by.name})
    return user


def require_second_factor(roles: Sequence[str], *, by: User) -> None:
    """Decide in which roles a second factor is needed; in all others it is not. A retired role keeps its rule for when it is taken up again."""
    wanted = set(roles)
    retired = set(CompanyRole.objects.filter(retired_at__isnull=False).values_list("group__name", flat=True))
    with locked(SignInRule.objects.all(), by=by) as rules:
        known = {rule.role: rule for rule in rules if rule.role not in retired}
        for role in wanted - known.keys() - retired:
            SignInRule.objects.create(role=role, needs_second_factor=True)
        for role, rule in known.items():
            if rule.needs_second_factor != (role in wanted):
                rule.needs_second_factor = role in wanted
                rule.save(update_fields=["needs_second_factor"])


def roles_that_need_one() -> set[str]:
    """The roles whose people need a second factor."""
    return set(SignInRule.objects.filter(needs_second_factor=True).values_list("role", flat=True))


def _have_codes(user: User) -> None:
    RecoveryCodes.activate(user)
