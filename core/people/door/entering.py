"""Coming in without a page: a program that shows what its person knows and has."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa.base.forms import AuthenticateForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.people.door.confirming import TooOften
from core.people.door.factors import factors_of, owes_factor
from core.people.door.required import factor_needed
from core.people.models import User


class NotLetIn(Refused):
    """What was shown opens nothing."""

    title = gettext_lazy("Not signed in")
    status = 401


def let_in(request: Any, *, email: str, password: str, code: str = "") -> User:
    """The person whose e-mail and password these are, counted and slowed down as at the door; raises NotLetIn, TooOften, FactorNeeded.

    Who has a second factor shows the code of their app too, or a recovery code.
    """
    if not ratelimit.consume(request, action="login"):
        raise TooOften(_("That was tried too often."), fix=_("Wait a minute."))
    try:
        user: User | None = get_adapter().authenticate(request, email=email.lower(), password=password)
    except ValidationError as error:
        raise TooOften(" ".join(error.messages)) from error
    if user is None or not user.may_sign_in:
        raise NotLetIn(_("E-mail and password do not belong together."))
    if owes_factor(user):
        raise factor_needed()
    if factors_of(user):
        _check(user, code)
    return user


def _check(user: User, code: str) -> None:
    if not code:
        raise NotLetIn(_("A second factor is needed."), fix=_("Send the code of the authenticator app, or a recovery code."), field="code")
    form = AuthenticateForm(user=user, data={"code": code.replace(" ", "")})
    if not form.is_valid():
        raise NotLetIn(" ".join(str(error) for error in form.errors["code"]), field="code")
    form.authenticator.record_usage()
