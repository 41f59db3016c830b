"""A little module made of the ground floor's models, with one screen of each sort."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms

from core.catalog.models import Product
from core.catalog.operations import update_product
from core.errors import Refused
from core.parties.models import Party
from core.parties.operations import update_party
from core.people.models import User
from core.web import ui


@dataclass(frozen=True)
class Wish:
    """A line of the trial form."""

    product: Product
    quantity: Decimal
    unit_price: Decimal
    description: str = ""


def move_product(product: Product, tax_category: str, *, by: User) -> Product:
    """Put a product under another tax; nothing may become exempt."""
    if tax_category == "exempt":
        raise Refused("Nothing here is exempt.", fix="Choose another lane.")
    return update_product(product, tax_category=tax_category, by=by)


def rename_product(product: Product, *, name: str, by: User) -> Product:
    """Call it something else."""
    if name == "bad":
        raise Refused("That is no name.", field="name")
    if name == "worse":
        raise Refused("Not today.", fix="Try tomorrow.", link="/parties/")
    return update_product(product, name=name, by=by)


def reprice_product(product: Product, *, list_price: Decimal, by: User) -> Product:
    """Ask another price; nothing is given away."""
    if list_price == 0:
        raise Refused("Nothing is given away.", field="list_price")
    return update_product(product, list_price=list_price, by=by)


def retire_product(product: Product, *, by: User) -> Product:
    """Stop selling it."""
    if not product.is_active:
        raise Refused("It is retired already.")
    return update_product(product, is_active=False, by=by)


def wish(*, customer: Party, lines: Sequence[Wish], by: User) -> Party:
    """Note what a customer wishes."""
    if any(line.quantity > 100 for line in lines):
        raise Refused("That is too much.", field="lines-0-quantity")
    return update_party(customer, industry=f"{sum(line.quantity for line in lines):g} wished", by=by)


class NameForm(forms.Form):
    """A new name."""

    name = forms.CharField(label="Name")


class PriceForm(forms.Form):
    """A new price."""

    list_price = ui.NumberField(label="Price")


class TaxForm(forms.Form):
    """Another tax."""

    tax_category = forms.ChoiceField(label="Tax", choices=Product.TaxCategory.choices)


class WishForm(forms.Form):
    """Who wishes."""

    customer = ui.LookupField("parties.customer", label="Customer")


class WishLineForm(forms.Form):
    """What is wished."""

    product = ui.LookupField("catalog.product", label="Product")
    description = forms.CharField(label="Description", required=False)
    quantity = ui.NumberField(label="Quantity")
    unit_price = ui.NumberField(label="Price")


class Things(ui.ListScreen):
    """The list."""

    model = Product
    route = "things"
    title = "Things"
    hint = "Everything there is"
    nav = ui.Nav("Things", icon="boxes", office="workspace", key="t", counter=lambda user: 3, hot=True)
    columns = (
        ui.Text("name", "Thing", sort="name", note=lambda product: "service" if product.kind == "service" else ""),
        ui.Status("tax_category", "Tax", tones={"standard": "info", "zero": "warn"}),
        ui.Text("sku", "SKU", sort="sku", muted=True),
        ui.Meter(lambda product: len(product.name) / 30, "Health"),
        ui.Person(lambda product: User.objects.service(), "Owner", phone="none"),
        ui.Quantity("version", "Version", unit="unit.code"),
        ui.Day("created_at.date", "Since", muted=True),
        ui.Money(
            "list_price",
            "Price",
            sort="list_price",
            currency="IDR",
            total=True,
            short=True,
            edit=ui.Inline(
                reprice_product, PriceForm, "list_price", permission="catalog.update_product", when=lambda product: product.is_active
            ),
        ),
    )
    more_columns = (ui.Text("category.name", "Category", sort="category__name"), ui.YesNo("is_active", "For sale"), ui.Text("kind", "Kind"))
    bulk = (
        "retire",
        ui.Bulk(
            update_product,
            "Change tax",
            form=TaxForm,
            permission="catalog.update_product",
            undo=update_product,
            remember=("tax_category",),
            slug="tax",
        ),
    )
    at_hand = ("retire",)
    related = ("unit",)
    search = ("name", "sku")
    segments = (ui.Segment("goods", "Goods", "goods"), ui.Segment("services", "Services", lambda rows: rows.filter(kind="service")))
    filters = (ui.Select("tax_category", "Any tax", lambda: Product.TaxCategory.choices), ui.Period("created_at__date"))
    order = ("name", "pk")
    page_size = 10
    create = "trial:wish-new"
    create_label = "Wish"


class Thing(ui.RecordScreen):
    """The record."""

    model = Product
    name = "thing"
    route = "things"
    avatar = "square"
    status = ui.Status("tax_category")
    remarks = (ui.Text("sku"), ui.Text("unit.name"))
    verbs = (
        ui.Verb(rename_product, "Rename", form=NameForm, permission="catalog.update_product", icon="pencil"),
        ui.Verb(
            retire_product,
            "Retire",
            permission="catalog.update_product",
            primary=True,
            why_not=lambda product: "" if product.is_active else "It is retired already.",
        ),
        ui.Verb(move_product, "Never offered", permission="catalog.update_product", when=lambda product: False),
    )
    sections = (
        ui.Facts(cells=(ui.Text("sku", "SKU"), ui.Money("list_price", "Price", currency="IDR"), ui.Meter(lambda product: 0.4, "Health"))),
        ui.Related(),
        ui.Files(),
        ui.Lines(
            title="Lines",
            rows=lambda product: Product.objects.order_by("pk")[:4],
            cells=(ui.Text("name", "Product"), ui.Text("sku", "SKU"), ui.Money("list_price", "Net", currency="IDR")),
            totals=(ui.Money("list_price", "Net", currency="IDR"), ui.Money("list_price", "Total", currency="IDR")),
            linked=True,
        ),
        ui.Timeline(),
        ui.History(),
    )


class Board(ui.BoardScreen):
    """The board."""

    model = Product
    name = "board"
    route = "things"
    title = "Board"
    hint = "Weighted Rp 3,1 M · win rate 31 %"
    nav = ui.Nav("Board", icon="square-kanban", office="workspace")
    lane_field = "tax_category"
    card_title = "name"
    card_note = ui.Text("sku")
    card_foot = (ui.Person(lambda product: User.objects.service()), ui.Meter(lambda product: len(product.name) / 30))
    amount = ui.Money("list_price", currency="IDR", short=True)
    search = ("name",)
    move = move_product
    create = "trial:wish-new"

    @classmethod
    def move_permission(cls) -> str:
        """What moving needs."""
        return "catalog.update_product"

    def lanes(self) -> list[ui.Lane]:
        """One for each tax."""
        return [ui.Lane(value, label) for value, label in Product.TaxCategory.choices]

    def signal(self, record: Any) -> ui.Signal | None:
        """Something to warn about."""
        return ui.Signal("Stalled 12 d") if record.sku.startswith("D") else None


class Wishing(ui.CreateScreen):
    """The form with lines."""

    model = Party
    name = "wish-new"
    route = "wishes"
    title = "New wish"
    permission = "parties.update_party"
    form_class = WishForm
    operation = wish
    grid = ui.Grid(WishLineForm, make=Wish, total="Net")

    def preview(self, data: dict[str, Any], lines: list[tuple[int, dict[str, Any]]]) -> ui.Preview:
        """What it comes to."""
        sums = {number: row["quantity"] * row["unit_price"] for number, row in lines}
        notes = (ui.Note(f"Credit left for {data['customer']}", "warn"),) if data.get("customer") else ()
        whole = sum(sums.values(), Decimal(0))
        figures = {number: ui.figures.money(amount, "IDR") for number, amount in sums.items()}
        return ui.Preview(figures, [("Net", ui.figures.money(whole, "IDR")), ("Total", ui.figures.money(whole, "IDR"))], notes)


class Sums(ui.ReportScreen):
    """The report."""

    name = "sums"
    route = "reports/sums"
    title = "Sums"
    permission = "catalog.view_product"
    form_class = NameForm
    nav = ui.Nav("Sums", icon="scale", office="workspace")

    def initial(self) -> dict[str, Any]:
        """The filter's start."""
        return {"name": "Assets"}

    def report(self, data: dict[str, Any]) -> ui.Report:
        """A small one."""
        return ui.Report(
            heads=(ui.Head("Account"), ui.Head("Debit", "money"), ui.Head("Share", "percent")),
            rows=(
                ui.Row((data["name"],), "group"),
                ui.Row(("1100 Bank", Decimal("-1250000.5"), Decimal("0.5")), level=1, url="/parties/"),
                ui.Row(("Total", Decimal(1250000), Decimal(1)), "total"),
            ),
            currency="IDR",
            note="As of today",
        )


def revenue(user: User) -> ui.Kpi:
    """A figure."""
    return ui.Kpi(
        "Revenue this month", ui.figures.short_money(Decimal(1_010_000_000), "IDR"), "+5,6 %", True, "vs October", [4, 3, 6, 5, 8, 9]
    )


def revenue_chart(user: User) -> ui.HomeCard:
    """A chart."""
    months = ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan"]
    this: list[float | None] = [610, 655, 640, 700, 745, 730, 800, 845, 820, 900, 955, 1010, None, None]
    coming: list[float | None] = [None] * 11 + [1010, 1050, 1100]
    chart = ui.charts.Chart(
        "Revenue and forecast",
        months,
        [
            ui.charts.Series("This year", this),
            ui.charts.Series("Last year", [v and v * 0.8 for v in this], "previous"),
            ui.charts.Series("Forecast", coming, "forecast"),
        ],
        band=ui.charts.Band("80 %", [None] * 11 + [1010, 1020, 1040], [None] * 11 + [1010, 1080, 1160]),
        zero=False,
    )
    return ui.HomeCard(
        "Revenue and forecast",
        "components/card_chart.html",
        {"chart": ui.charts.line(chart)},
        legend=(("current", "This year"), ("previous", "Last year"), ("forecast", "Forecast, 80 %")),
    )


def funnel(user: User) -> ui.HomeCard:
    """A funnel."""
    parts = [ui.charts.Part("Qualified", 178, "Rp 1,78 M", "7"), ui.charts.Part("Demo", 63, "Rp 635 jt", "3")]
    return ui.HomeCard("Pipeline by stage", "components/card_chart.html", {"chart": ui.charts.funnel(parts)})


def waiting(user: User) -> list[ui.Task]:
    """Things that wait."""
    return [ui.Task("Confirm SO/2026/00012", "PT Hasta Karya", url="/parties/", when="today", badge="Sales")]


STORY_AT = datetime(2026, 11, 18, 8, 12, tzinfo=UTC)


def story(kind: str, pk: int, party_id: int | None, user: User, limit: int) -> list[ui.Entry]:
    """A timeline."""
    return [
        ui.Entry("Order SO/2026/00012 confirmed", STORY_AT, "Dewi Lestari", "check", "Order", "Rp 148.500.000", "/parties/", "/why/"),
        ui.Entry("Discovery call, 24 min", STORY_AT, "Andi Saputra", "phone", "Call", "Decision by 12 December."),
    ]


SCREENS = (Things, Thing, Board, Wishing, Sums)


def install() -> None:
    """Register the trial module, as its URLs would if it were real."""
    ui.routes(*SCREENS)
    ui.kpi("catalog.view_product", order=1)(revenue)
    ui.card("catalog.view_product", order=1)(revenue_chart)
    ui.card("catalog.view_product", order=1, place="side")(funnel)
    ui.tasks("catalog.view_product")(waiting)
    ui.provide_timeline(story)
