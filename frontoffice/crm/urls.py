"""Addresses of the CRM screens."""

from core.web.registry import routes
from frontoffice.crm import views

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
