"""The shell's addresses: home, sign-in, palette, lookups, files."""

from django.urls import path

from core.web import views
from core.web.registry import routes

app_name = "web"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    *routes(
        views.Home,
        views.Reports,
        views.Help,
        views.PutAway,
        views.New,
        views.Palette,
        views.Preferences,
        views.Counters,
        views.LookupAnswers,
        views.Attach,
        views.Compose,
        views.Presence,
        views.Download,
        views.RemoveFile,
    ),
]
