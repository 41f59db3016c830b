"""Addresses of the imports."""

from core.imports import views
from core.web.registry import routes

app_name = "imports"
urlpatterns = routes(
    views.Imports,
    views.ChooseKind,
    views.Upload,
    views.TemplateFile,
    views.Columns,
    views.Run,
    views.Correct,
    views.Start,
    views.Settle,
    views.Discard,
    views.Revert,
    views.WrongRows,
)
