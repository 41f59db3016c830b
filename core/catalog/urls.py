"""Addresses of the catalogue's screens."""

from django.utils.translation import gettext_lazy as _

from core.catalog import views
from core.web.registry import name_module, routes

name_module(_("Catalogue"), "package", area="catalog")
app_name = "catalog"
urlpatterns = routes(views.Products, views.ProductRecord, views.NewProduct, views.EditProduct)
