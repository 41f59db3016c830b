"""Addresses of what joins the modules."""

from django.urls import include, path

urlpatterns = [path("console/", include("integration.console.urls"))]
