"""What each role may do with leads, deals and activities."""

_see = ("view_lead", "view_deal", "view_dealline", "view_activity", "view_pipeline", "view_stage", "view_lostreason")
_leads = ("create_lead", "update_lead", "take_lead", "give_back_lead", "convert_lead", "lose_lead", "reopen_lead")
_deals = ("open_deal", "update_deal", "move_deal", "win_deal", "lose_deal", "reopen_deal")
_activities = ("log_activity", "plan_activity", "complete_activity", "reopen_activity", "remove_activity")

GRANTS: dict[str, tuple[str, ...]] = {
    "sales": (*_see, *_leads, *_deals, *_activities),
    "marketing": (*_see, "create_lead", "update_lead", *_activities),
    "support": (*_see, "create_lead", *_activities),
    "accountant": _see,
}
