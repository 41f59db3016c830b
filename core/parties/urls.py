"""Addresses of the party screens."""

from core.parties import views
from core.web.registry import routes

app_name = "parties"
urlpatterns = routes(views.Parties, views.PartyRecord, views.NewParty, views.EditParty)
