"""The screens of leads, deals and activities."""

from frontoffice.crm.views import today
from frontoffice.crm.views.activities import Activities, ActivityRecord, NewActivity
from frontoffice.crm.views.deals import DealBoard, DealRecord, Deals, EditDeal, NewDeal
from frontoffice.crm.views.elsewhere import WRITTEN_DOWN
from frontoffice.crm.views.leads import EditLead, LeadRecord, Leads, NewLead

__all__ = [
    "WRITTEN_DOWN",
    "Activities",
    "ActivityRecord",
    "DealBoard",
    "DealRecord",
    "Deals",
    "EditDeal",
    "EditLead",
    "LeadRecord",
    "Leads",
    "NewActivity",
    "NewDeal",
    "NewLead",
    "today",
]
