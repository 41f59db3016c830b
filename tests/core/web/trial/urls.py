"""All real addresses, and the trial module's."""

from django.urls import include, path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as real
from core.web.registry import routes
from tests.core.web.trial import views

trial = routes(views.Things, views.Thing, views.Board, views.Wishing, views.Sums)
urlpatterns = [path("trial/", include((trial, "trial"))), *real]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
