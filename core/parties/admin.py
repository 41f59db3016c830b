"""Companies and people for clerks: to look at; what changes goes through the operations behind the pages and the API."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import Act, ClerkAdmin, lines
from core.parties.banking import retire_bank_account
from core.parties.models import Address, BankAccount, Company, Consent, Contact, ContactPoint, Party, PartyRole


@admin.register(Party)
class PartyAdmin(ClerkAdmin):
    """Everybody we deal with, whatever they are to us."""

    list_display = ("name", "kind", "code", "tax_id", "owner", "is_active")
    list_filter = ("kind", "roles__role", "is_active")
    list_select_related = ("owner",)
    search_fields = ("name", "legal_name", "code", "tax_id")
    ordering = ("name", "pk")
    inlines = (
        lines(PartyRole, "role"),
        lines(Address, "kind", "street", "city", "region", "postal_code", "country"),
        lines(ContactPoint, "kind", "value", "label", "is_primary"),
        lines(Contact, "person", "job_title", through="company"),
        lines(Consent, "channel", "value", "purpose", "given", "how", "recorded_at"),
    )


@admin.register(BankAccount)
class BankAccountAdmin(ClerkAdmin):
    """Where parties want to be paid."""

    list_display = ("party", "holder", "bank", "number", "currency", "set_by", "approved_by", "retired_at")
    list_filter = ("currency", "retired_at")
    list_select_related = ("party", "set_by", "approved_by")
    search_fields = ("party__name",)
    ordering = ("party__name", "pk")
    acts = (Act(retire_bank_account, _("Take out of use")),)


@admin.register(Company)
class CompanyAdmin(ClerkAdmin):
    """Whose books these are."""

    list_display = ("party", "currency", "country", "fiscal_year_start_month", "time_zone")
    list_select_related = ("party",)
    ordering = ("pk",)
