"""What people keep about their screens: views of lists, and the columns they look at."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db import Tracked
from core.people.models import User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Views by who may open them."""

    def visible_to(self, user: User) -> "SavedViewQuerySet":
        """A person's own, and what colleagues share."""
        return self.filter(Q(owner=user) | Q(is_shared=True))


class SavedView(Tracked):
    """A list as somebody likes to see it: filters, order, groups and columns under a name."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"))
    screen = models.CharField(_("screen"), max_length=100, help_text=_("The name of the list's address."))
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(_("query"), blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    is_shared = models.BooleanField(_("shared"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("saved view")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "screen", "name"], name="one_view_per_name"),
            models.CheckConstraint(name="a_view_has_a_name", condition=~Q(name="")),
        ]
        indexes: ClassVar = [models.Index(fields=["screen", "name"], name="views_of_a_screen")]

    def __str__(self) -> str:
        return self.name


class ListHabit(Tracked):
    """How one person looks at one list: their columns, and the view it opens with."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    screen = models.CharField(_("screen"), max_length=100)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    opens_with = models.ForeignKey(
        SavedView, on_delete=models.PROTECT, null=True, blank=True, related_name="opened_by", verbose_name=_("opens with")
    )

    class Meta(Tracked.Meta):
        verbose_name = _("list habit")
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "screen"], name="one_habit_per_person_and_screen")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.screen}"
