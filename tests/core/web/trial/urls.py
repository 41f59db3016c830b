"""All real addresses, and the trial module's."""

from django.urls import include, path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as real
from tests.core.web.trial.views import SCREENS

trial = [pattern for screen in SCREENS for pattern in screen.url_patterns()]
urlpatterns = [path("trial/", include((trial, "trial"))), *real]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
