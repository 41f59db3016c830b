"""Companies and people for clerks: to look at; what changes goes through the operations behind the pages and the API."""

from django.contrib import admin

from core.admin import ClerkAdmin, lines
from core.parties.models import Address, Company, Consent, Contact, ContactPoint, Party, PartyRole


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


@admin.register(Company)
class CompanyAdmin(ClerkAdmin):
    """Whose books these are."""

    list_display = ("party", "currency", "country", "fiscal_year_start_month", "time_zone")
    list_select_related = ("party",)
    ordering = ("pk",)
