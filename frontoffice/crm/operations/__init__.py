"""What is done with leads, deals, activities and the pipeline."""

from frontoffice.crm.operations.activities import (
    complete_activity,
    log_activity,
    plan_activity,
    remind_of_activities,
    remove_activity,
    reopen_activity,
)
from frontoffice.crm.operations.closing import lose_deal, reopen_deal, win_deal
from frontoffice.crm.operations.deals import move_deal, open_deal, open_deals_with, remove_deal, update_deal
from frontoffice.crm.operations.leads import (
    convert_lead,
    create_lead,
    give_back_lead,
    lose_lead,
    remove_lead,
    reopen_lead,
    take_lead,
    update_lead,
)
from frontoffice.crm.operations.lines import add_line, change_line, remove_line
from frontoffice.crm.operations.offering import DealFigures, OfferedLine, figures_for
from frontoffice.crm.operations.pipelines import install_pipeline

__all__ = [
    "DealFigures",
    "OfferedLine",
    "add_line",
    "change_line",
    "complete_activity",
    "convert_lead",
    "create_lead",
    "figures_for",
    "give_back_lead",
    "install_pipeline",
    "log_activity",
    "lose_deal",
    "lose_lead",
    "move_deal",
    "open_deal",
    "open_deals_with",
    "plan_activity",
    "remind_of_activities",
    "remove_activity",
    "remove_deal",
    "remove_lead",
    "remove_line",
    "reopen_activity",
    "reopen_deal",
    "reopen_lead",
    "take_lead",
    "update_deal",
    "update_lead",
    "win_deal",
]
