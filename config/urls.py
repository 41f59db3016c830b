"""Every address, derived from `config.modules`: a module's pages at `/<slug>/`, its API at `/api/v1/`."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from config.modules import INSTALLED, MODULES
from core.api.docs import ApiDocs


def api() -> DefaultRouter:
    """One router for all: `ROUTES` of every `api.py`, each a pair of prefix and viewset."""
    router = DefaultRouter()
    for package in INSTALLED:
        if package != "core" and find_spec(f"{package}.api"):  # core.api is what the others declare theirs with
            routes: list[tuple[str, Any]] = import_module(f"{package}.api").ROUTES
            for prefix, viewset in routes:
                router.register(prefix, viewset, basename=prefix.replace("/", "-"))
    return router


def pages() -> list[URLPattern | URLResolver]:
    """The staff pages of every module, each under its own name space (`sales:order`)."""
    return [path(f"{module.slug}/", include((f"{module.package}.urls", module.label))) for module in MODULES]


def shared() -> list[URLPattern | URLResolver]:
    """What stands above or below the modules and has pages of its own."""
    places = {
        "core.parties": "parties/",
        "core.catalog": "catalog/",
        "core.people": "people/",
        "core.tokens": "tokens/",
        "core.notifications": "notifications/",
        "core.notes": "notes/",
        "core.approvals": "approvals/",
        "core.jobs": "jobs/",
        "core.imports": "imports/",
        "core.privacy": "privacy/",
        "integration": "",
        "core.web": "",
    }
    return [path(at, include(f"{package}.urls")) for package, at in places.items()]


admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # there is one door

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("core.people.door.urls")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="people:password")),
    path("admin/", admin.site.urls),
    path("api/v1/", include((api().urls, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", ApiDocs.as_view(), name="api-docs"),
    *pages(),
    *shared(),
]

handler400 = "core.web.errors.bad_request"
handler403 = "core.web.errors.forbidden"
handler404 = "core.web.errors.not_found"
handler429 = "core.web.errors.too_many"  # allauth's name for it
handler500 = "core.web.errors.broken"
