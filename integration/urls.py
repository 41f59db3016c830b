"""Addresses of what joins the modules."""

from django.urls import include, path

from integration.inbound.views import receive
from integration.insights import home

urlpatterns = [
    path("hooks/<uuid:public_id>/", receive, name="hooks"),
    path("console/", include("integration.console.urls")),
    path("", include("integration.customer360.urls")),
]

__all__ = ["home", "urlpatterns"]  # home: importing it puts its cards on the first page
