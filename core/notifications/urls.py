"""Addresses of the notifications."""

from core.notifications import views
from core.web.registry import routes

app_name = "notifications"
urlpatterns = routes(views.Inbox, views.Recent, views.ReadAll, views.Read)
