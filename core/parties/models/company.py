"""Our own company, and how it stands on its papers."""

from pathlib import PurePath
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db import CurrencyField, Tracked
from core.once import once
from core.parties.models.parties import Party
from core.people.hiding import hide
from core.reference import REFERENCE, copied, in_use, reference


class CompanyManager(models.Manager["Company"]):
    """The one company this database keeps."""

    def current(self) -> "Company":
        """The company; raises Company.DoesNotExist before it is founded."""
        company = self.founded()
        if company is None:
            raise Company.DoesNotExist
        return company

    def founded(self) -> "Company | None":
        """The company; None before it is founded. Read once in a request, and in operations once in a process."""
        if in_use():
            kept = reference("company", self.first)
            return kept and copied(kept)
        return once("company", lambda: self.select_related("party").first())


def logo_name(_company: "Company", filename: str) -> str:
    """A storage name that cannot be guessed; its ending says what kind of picture it is."""
    return f"company/{uuid4().hex}{PurePath(filename).suffix.lower()}"


hide("parties.company", "bank_details", unless="parties.view_bank_details")


class Company(Tracked):
    """Our own company: whose books these are."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="our_company")
    currency = CurrencyField(_("currency of the books"))
    country = models.CharField(_("country"), max_length=2)
    fiscal_year_start_month = models.PositiveSmallIntegerField(_("first month of the fiscal year"), default=1)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Jakarta")
    logo = models.FileField(_("logo"), upload_to=logo_name, blank=True, db_default="", editable=False)
    bank_details = models.TextField(
        _("bank details"), blank=True, db_default="", help_text=_("As customers need them to pay you: bank, account, holder.")
    )
    document_terms = models.TextField(
        _("terms"), blank=True, db_default="", help_text=_("Stand at the end of quotations, order confirmations and invoices.")
    )
    document_footer = models.TextField(
        _("footer"), blank=True, db_default="", help_text=_("Stands at the foot of every page you print or send.")
    )
    is_the_one = models.BooleanField(default=True, unique=True, editable=False)

    objects: ClassVar[CompanyManager] = CompanyManager()

    class Meta(Tracked.Meta):
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        triggers: ClassVar = [*Tracked.Meta.triggers, REFERENCE]
        constraints: ClassVar = [
            models.CheckConstraint(name="there_is_one_company", condition=Q(is_the_one=True)),
            models.CheckConstraint(
                name="a_fiscal_year_starts_in_a_month",
                condition=Q(fiscal_year_start_month__gte=1, fiscal_year_start_month__lte=12),
            ),
        ]
        permissions: ClassVar = [
            ("update_company", "Can change the company's letterhead"),
            ("view_bank_details", "Can see bank details"),
        ]

    def __str__(self) -> str:
        return self.party.name

    @property
    def logo_ending(self) -> str:
        """How the logo's file ends, which says what it is; empty without a logo."""
        return PurePath(self.logo.name or "").suffix

    def read_logo(self) -> bytes:
        """The logo itself; nothing when there is none, or its file is gone."""
        if not self.logo:
            return b""
        try:
            with self.logo.open("rb") as file:
                return bytes(file.read())
        except OSError:
            return b""
