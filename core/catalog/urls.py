"""Addresses of the catalogue's screens."""

from core.catalog import views
from core.web.registry import routes

app_name = "catalog"
urlpatterns = routes(views.Products, views.ProductRecord, views.NewProduct, views.EditProduct)
