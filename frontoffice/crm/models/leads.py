"""Leads: people who might want to buy, before we know them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db import Stateful
from core.parties.models import Party
from core.people.visibility import Scoped, provide_scope

provide_scope("crm.lead", _("Leads"))


class LeadQuerySet(Scoped["Lead"]):
    """Leads by where they stand. What nobody has taken yet is everybody's."""

    NOUN = "crm.lead"
    UNOWNED = True

    def open(self) -> "LeadQuerySet":
        """Still to be decided."""
        return self.filter(status__in=[Lead.Status.NEW, Lead.Status.WORKING])

    def unowned(self) -> "LeadQuerySet":
        """Open, and nobody's yet."""
        return self.open().filter(owner__isnull=True)


class Lead(Stateful):
    """Somebody who might want to buy."""

    class Status(models.TextChoices):
        NEW = "new", _("New")
        WORKING = "working", _("Working")
        CONVERTED = "converted", _("Converted")
        LOST = "lost", _("Lost")

    class Source(models.TextChoices):
        WEB = "web", _("Web site")
        REFERRAL = "referral", _("Referral")
        EVENT = "event", _("Trade fair or event")
        CAMPAIGN = "campaign", _("Campaign")
        CALL = "call", _("Cold call")
        OTHER = "other", _("Other")

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        Status.NEW: (Status.WORKING, Status.CONVERTED, Status.LOST),
        Status.WORKING: (Status.NEW, Status.CONVERTED, Status.LOST),
        Status.LOST: (Status.WORKING,),
    }

    status = models.CharField(_("status"), max_length=24, choices=Status, default=Status.NEW)
    name = models.CharField(_("name"), max_length=160)
    company_name = models.CharField(_("company"), max_length=160, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.OTHER)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("owner")
    )
    note = models.TextField(_("note"), blank=True)
    lost_because = models.CharField(_("why it was lost"), max_length=300, blank=True)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("became"), editable=False
    )
    deal = models.OneToOneField(
        "crm.Deal", on_delete=models.PROTECT, null=True, blank=True, related_name="lead", verbose_name=_("deal"), editable=False
    )

    objects = LeadQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("lead")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.CheckConstraint(name="a_lead_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="a_lead_status_is_known", condition=Q(status__in=["new", "working", "converted", "lost"])),
            models.CheckConstraint(
                name="a_converted_lead_has_party_and_deal",
                condition=Q(status="converted", party__isnull=False, deal__isnull=False)
                | (~Q(status="converted") & Q(party__isnull=True, deal__isnull=True)),
            ),
            models.CheckConstraint(name="a_lost_lead_says_why", condition=~Q(status="lost") | ~Q(lost_because="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="lead_by_day"),
            models.Index(fields=["status", "-created_at", "-id"], name="lead_by_status"),
            models.Index(fields=["owner", "status"], name="lead_of_owner"),
        ]
        permissions: ClassVar = [
            ("create_lead", "Can create leads"),
            ("update_lead", "Can update leads"),
            ("take_lead", "Can take leads"),
            ("give_back_lead", "Can give leads back"),
            ("convert_lead", "Can convert leads"),
            ("lose_lead", "Can give leads up"),
            ("reopen_lead", "Can reopen lost leads"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.company_name})" if self.company_name else self.name
