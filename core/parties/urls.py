"""Addresses of the party screens."""

from django.utils.translation import gettext_lazy as _

from core.parties import views
from core.web.registry import name_module, routes

name_module(_("Parties"), "building-2", area="parties")
app_name = "parties"
urlpatterns = routes(
    views.Parties,
    views.PartyRecord,
    views.NewParty,
    views.EditParty,
    views.BankAccounts,
    views.BankAccountRecord,
    views.OurCompany,
    views.CompanyRecord,
    views.EditCompany,
)
