"""The address of notes."""

from core.notes import views
from core.web.registry import routes

app_name = "notes"
urlpatterns = routes(views.WriteNote)
