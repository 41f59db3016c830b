"""Addresses of the operator's pages."""

from core.web.registry import routes
from integration.console import views

app_name = "console"
urlpatterns = routes(views.Deliveries, views.DeliveryRecord, views.Records, views.RecordOfEvent)
