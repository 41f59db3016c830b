"""What is typed about products."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.catalog.models import Category, Product, Unit
from core.web import ui


class ProductForm(forms.Form):
    """What may change about a product."""

    name = forms.CharField(label=_("Name"), max_length=160)
    category = forms.ModelChoiceField(Category.objects.order_by("name"), label=_("Category"), required=False, empty_label=_("None"))
    list_price = ui.NumberField(label=_("List price"), help_text=_("In the currency of the books, for one unit."))
    tax_category = forms.ChoiceField(label=_("Tax"), choices=Product.TaxCategory.choices)
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    is_active = forms.BooleanField(label=_("For sale"), required=False, initial=True)


class NewProductForm(ProductForm):
    """A new product: what it is stays as it is."""

    sku = forms.CharField(label=_("SKU"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=Product.Kind.choices)
    unit = forms.ModelChoiceField(Unit.objects.order_by("category", "factor"), label=_("Unit"))

    field_order = ("sku", "name", "kind", "unit", "category", "list_price", "tax_category")
