"""Addresses of the user screens."""

from core.people import views
from core.web.registry import routes

app_name = "people"
urlpatterns = routes(views.Users, views.Profile, views.NewUser, views.UserRecord)
