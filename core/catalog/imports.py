"""Products, from files."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.catalog.models import Product, Unit
from core.catalog.operations import create_category, create_product, remove_product, update_product
from core.errors import Refused
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import cell_of, choice, not_negative, record, up_to, yes_or_no
from core.people.models import User


class UnitStays(Refused):
    """Stock and prices are counted in it."""


def unit_called(cell: str) -> Unit | None:
    """A unit by its code or name."""
    return Unit.objects.filter(code__iexact=cell).first() or Unit.objects.filter(name__iexact=cell).first()


def product_called(cell: str) -> Product | None:
    """A product by its SKU."""
    return Product.objects.filter(sku__iexact=cell).first()


PRODUCT = Column(
    "product",
    _("Product"),
    record(product_called, _("product")),
    required=True,
    synonyms=("sku", "code", "item code", "product code", "kode", "kode barang", "kode produk", "barang", "produk"),
    example="DESK-140",
    help=_("Its SKU."),
)


def create(facts: Facts, by: User) -> Product:
    """A new product; its shelf is opened when there is none of that name."""
    facts = dict(facts)
    shelf = facts.pop("category", "")
    category = create_category(name=shelf, by=by) if shelf else None
    return create_product(by=by, category=category, **facts)


def update(product: Product, facts: Facts, by: User) -> Product:
    """What a row says about a product we have; its unit and kind stay."""
    facts = dict(facts)
    unit, kind = facts.pop("unit", product.unit), facts.pop("kind", product.kind)
    if unit.pk != product.unit_id or kind != product.kind:
        raise UnitStays(
            _now("%(product)s is counted in %(unit)s, and that stays.") % {"product": product, "unit": product.unit},
            fix=_now("Make a new product with another SKU."),
            field="unit" if unit.pk != product.unit_id else "kind",
        )
    facts.pop("sku", None)
    if "category" in facts:
        facts["category"] = create_category(name=facts["category"], by=by) if facts["category"] else None
    return update_product(product, by=by, **facts)


def cells(product: Product) -> dict[str, str]:
    """A product as a row of a file."""
    plain = {name: cell_of(getattr(product, name)) for name in ("sku", "name", "list_price", "description", "tax_category", "is_active")}
    return {**plain, "category": product.category.name if product.category else ""}


provide(
    ImportKind(
        "catalog.product",
        _("Products"),
        Product,
        permission="catalog.create_product",
        change_permission="catalog.update_product",
        columns=(
            Column(
                "sku",
                _("SKU"),
                up_to(40),
                required=True,
                synonyms=("code", "item code", "product code", "kode", "kode barang", "kode produk", "article", "part number"),
                example="DESK-160",
            ),
            Column(
                "name",
                _("Name"),
                up_to(160),
                required=True,
                synonyms=("product", "product name", "item", "item name", "nama", "nama barang", "nama produk", "barang", "produk"),
                example="Meja kerja 160 cm",
            ),
            Column(
                "unit",
                _("Unit"),
                record(unit_called, _("unit")),
                required=True,
                synonyms=("uom", "unit of measure", "satuan"),
                example="pcs",
                help=_("The code of a unit, such as pcs, kg or h."),
            ),
            Column(
                "list_price",
                _("List price"),
                not_negative,
                required=True,
                synonyms=("price", "unit price", "sales price", "harga", "harga jual", "harga satuan"),
                example="2500000",
            ),
            Column(
                "kind",
                _("Kind"),
                choice(Product.Kind.choices, barang="goods", jasa="service", layanan="service", stock="goods", product="goods"),
                default=Product.Kind.GOODS,
                synonyms=("type", "jenis", "tipe"),
                example="goods",
                choices=Product.Kind.choices,
            ),
            Column(
                "category",
                _("Category"),
                up_to(100),
                synonyms=("kategori", "group", "kelompok", "shelf"),
                example="Meja",
                help=_("It is made when there is none of that name."),
            ),
            Column(
                "tax_category",
                _("Tax category"),
                choice(Product.TaxCategory.choices),
                default=Product.TaxCategory.STANDARD,
                synonyms=("tax", "pajak", "kategori pajak"),
                choices=Product.TaxCategory.choices,
            ),
            Column("description", _("Description"), synonyms=("deskripsi", "keterangan", "notes")),
            Column("is_active", _("For sale"), yes_or_no, default=True, synonyms=("active", "aktif", "dijual", "status"), example="ya"),
        ),
        keys=("sku",),
        find=lambda facts: product_called(facts["sku"]),
        create=create,
        update=update,
        cells=cells,
        remove=lambda product, by: remove_product(product, by=by),
        lists=("catalog:products",),
        icon="package",
        hint=_("Goods and services with their unit and list price."),
        examples=({"sku": "INSTALL-2", "name": "Pemasangan", "unit": "h", "list_price": "150000", "kind": "service"},),
    )
)
