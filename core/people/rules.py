"""The owner's page on what signing in takes."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.models import Group
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.people.door.factors import require_second_factor, roles_that_need_one
from core.people.door.owing import SECOND
from core.people.forms import SecondFactorForm, role_choices
from core.web import ui


class SignInRules(ui.Screen):
    """In which roles a second factor is needed, and how many of their people have one."""

    route = "sign-in-rules"
    name = "sign-in-rules"
    permission = "people.require_second_factor"
    title = gettext_lazy("Sign-in rules")
    hint = gettext_lazy(
        "Whoever works in a role that needs a second factor sets one up at the next page they open, and does nothing before."
    )
    template_name = "people/sign_in_rules.html"
    sensitive = True

    def crumbs(self) -> list[ui.Crumb]:
        """Users, then this."""
        return [ui.Crumb(gettext_lazy("Users"), reverse("people:users")), ui.Crumb(self.title)]

    def nav_name(self) -> str:
        """It belongs to the users."""
        return "people:users"

    def context(self) -> dict[str, Any]:
        """Every role with its people, and how many of them are ready."""
        return {"roles": roles_with_factors()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide it."""
        form = SecondFactorForm(request.POST)
        if not form.is_valid():
            return self.show(status=422)
        require_second_factor(form.cleaned_data["roles"], by=self.user)
        messages.success(request, _("This holds from now on."))
        return redirect("people:sign-in-rules")


def roles_with_factors() -> list[dict[str, Any]]:
    """Every role: its name, whether it needs a second factor, how many people it has and how many of them have one."""
    ready = Exists(Authenticator.objects.filter(user=OuterRef("user__pk"), type__in=SECOND))
    people = Count("user", filter=Q(user__is_active=True), distinct=True)
    rows = Group.objects.annotate(people=people, ready=Count("user", filter=Q(ready, user__is_active=True), distinct=True))
    needed, found = roles_that_need_one(), {group.name: group for group in rows}
    return [
        {"key": key, "name": name, "needed": key in needed, "people": found[key].people, "ready": found[key].ready}
        for key, name in role_choices()
        if key in found
    ]
