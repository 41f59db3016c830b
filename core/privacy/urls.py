"""Addresses of the privacy screens."""

from django.utils.translation import gettext_lazy as _

from core.privacy import views
from core.web.registry import name_module, routes

name_module(_("Privacy"), "shield-user", area="privacy")
app_name = "privacy"
urlpatterns = routes(views.Requests, views.NewRequest, views.RequestRecord, views.Retentions, views.RetentionRecord)
