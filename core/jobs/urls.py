"""Addresses of the jobs."""

from core.jobs import views
from core.web.registry import routes

app_name = "jobs"
urlpatterns = routes(views.Jobs, views.JobRecord, views.Cancel, views.Retry)
