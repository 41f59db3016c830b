"""Addresses of the CRM screens."""

from django.utils.translation import gettext_lazy as _

from core.web.registry import name_module, routes
from frontoffice.crm import views

name_module(_("Customers"), "handshake", area="crm")
urlpatterns = routes(
    views.Leads,
    views.NewLead,
    views.LeadRecord,
    views.EditLead,
    views.DealBoard,
    views.Deals,
    views.NewDeal,
    views.DealRecord,
    views.EditDeal,
    views.Activities,
    views.NewActivity,
    views.ActivityRecord,
)
