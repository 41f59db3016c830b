"""Leads, deals in their pipeline, and what is done about them."""

from frontoffice.crm.models.activities import Activity
from frontoffice.crm.models.deals import Deal, DealLine
from frontoffice.crm.models.leads import Lead
from frontoffice.crm.models.pipelines import LostReason, Pipeline, Stage

__all__ = ["Activity", "Deal", "DealLine", "Lead", "LostReason", "Pipeline", "Stage"]
