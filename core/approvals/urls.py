"""Addresses of the approvals."""

from django.utils.translation import gettext_lazy as _

from core.approvals import views
from core.web.registry import name_module, routes

name_module(_("Approvals"), "stamp", area="approvals")
app_name = "approvals"
urlpatterns = routes(
    views.Approvals, views.TakeResult, views.ApprovalRecord, views.SecondPersons, views.SecondPersonRecord, views.Conflicts
)
