"""A house in which there is something of everything: what tests that walk all of Satu find at each of its addresses."""

from decimal import Decimal

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from backoffice.finance.models import Account, Invoice, Purpose
from backoffice.finance.operations import apply_tax, create_tax
from backoffice.inventory.operations import ReceivedLine, adjust_stock, plan_receipt
from core.catalog.models import Category, Product
from core.events.models import Delivery, SkipRequest
from core.imports.models import ImportRun
from core.imports.operations import match_columns, start_import, upload_table
from core.jobs.operations import start_job
from core.jobs.worker import work_jobs
from core.notes.operations import write_note
from core.notifications.operations import notify
from core.parties.models import Company, Party
from core.people.door.factors import require_second_factor
from core.people.models import User
from core.people.roles import Role
from core.people.teams import create_team
from core.printing.operations import send_document
from core.privacy.operations import receive_request, refuse_request
from core.tokens.operations import create_service, issue_token, note_use
from core.web.operations import save_view
from frontoffice.crm.models import Deal, Lead, LostReason
from frontoffice.crm.operations import add_line, lose_deal, lose_lead, plan_activity
from frontoffice.sales.models import Order, PriceList
from frontoffice.sales.operations import set_price
from integration import delivery
from integration.effects import send_effects
from integration.inbound.operations import create_source, receive_webhook
from integration.models import Attempt, Drift, Endpoint
from integration.webhooks.operations import create_endpoint, send_test
from integration.webhooks.signing import new_secret
from tests.factories.ground import make_user
from tests.factories.house import make_house
from tests.factories.reach import Side, make_side
from tests.signing import with_app

HANDLER = "order_to_cash.reserve_the_goods"


def make_full_house() -> User:
    """The owner of a company that has a record of every kind."""
    make_house()
    owner = make_user(Role.OWNER)
    side = make_side("Dewi Lestari", "Kancil")
    _people(owner, side)
    _goods(owner)
    _business(owner, side)
    _machinery(owner, side)
    delivery.drain()
    return owner


def _people(owner: User, side: Side) -> None:
    create_team(name="Jakarta", lead=side.seller, members=[owner], by=owner)
    require_second_factor([Role.HR], by=owner)
    with_app(owner)
    note_use(issue_token(name="Reporting", by=owner)[0], address="203.0.113.7", program="Reporting/1")
    UserSession.objects.create(user=owner, ip="203.0.113.8", user_agent="Chrome on Windows", session_key="k" * 32)
    SocialAccount.objects.create(user=owner, provider="company", uid="h-1", extra_data={"id_token": {"name": "Hendra"}})
    create_service(name="Web shop", roles=[Role.SUPPORT], by=owner)
    notify(owner, "Something happened", url="/sales/orders/")
    person = next(record for record in side.records.values() if isinstance(record, Party))
    Party.objects.filter(pk=person.pk).update(industry="Furniture", legal_name="PT Kancil Tbk", code="K-1")
    receive_request(kind="export", party=Party.objects.filter(kind=Party.Kind.PERSON).first(), how="By letter", by=owner)
    refuse_request(
        receive_request(kind="erasure", email="nobody@kancil.example", how="By phone", by=owner), "We know nobody of that name.", by=owner
    )


def _goods(owner: User) -> None:
    desk = Product.objects.get(sku="DESK-140")
    shelf = Category.objects.create(name="Desks", description="To sit at")
    Product.objects.filter(pk=desk.pk).update(category=shelf, description="Goes up and down")
    adjust_stock(desk, difference=Decimal(-1), reason="Broken", by=owner)
    plan_receipt(lines=[ReceivedLine(product_id=desk.pk, quantity=Decimal(3), unit_cost=Decimal(5))], note="By ship", by=owner)
    set_price(PriceList.objects.get(), product=desk, unit_price=Decimal(4_000_000), by=owner)
    tax = create_tax(
        code="PB1", name="Regional tax", rate=Decimal("0.1"), account=Account.objects.get(purpose=Purpose.OUTPUT_TAX), by=owner
    )
    apply_tax(tax, "reduced", by=owner)
    Company.objects.update(bank_details="Bank Nusantara 123", document_terms="30 days", document_footer="NIB 912")


def _business(owner: User, side: Side) -> None:
    order = Order.objects.get()
    send_document(order, document="order-confirmation", to=["office@kancil.example"], by=owner)
    send_document(
        Invoice.objects.filter(kind=Invoice.Kind.INVOICE).latest("pk"), document="invoice", to=["office@kancil.example"], by=owner
    )
    write_note("parties.party", order.customer_id, "Likes @Hendra Gunawan", by=side.seller)
    plan_activity(
        Deal.objects.get(), kind="call", subject="Call them", body="About chairs", due_at=order.created_at, assignee=owner, by=owner
    )
    add_line(Deal.objects.get(), product=order.lines.get().product, quantity=Decimal(2), description="A desk", by=owner)
    lose_lead(Lead.objects.get(), reason="No money", by=owner)
    lose_deal(Deal.objects.get(), reason=LostReason.objects.first(), note="Too dear", by=owner)


def _machinery(owner: User, side: Side) -> None:
    endpoint = create_endpoint(
        name="Their shop",
        url="https://shop.example/hooks",
        event_types=["catalog.*"],
        conditions={"sku": "Desk"},
        secret=new_secret(),
        by=owner,
    )
    message = send_test(endpoint, by=owner)
    Attempt.objects.create(endpoint=endpoint, effect=message, number=1, took_ms=7, address="203.0.113.7", trouble="Refused", answer="No")
    Endpoint.objects.filter(pk=endpoint.pk).update(status="disabled", disabled_because="Failed for days")
    source = create_source(name="Web form", action="lead", secret=new_secret(), by=owner)
    receive_webhook(source, webhook_id="msg_1", headers={"user-agent": "Form/1"}, body='{"data": {"name": "Rina"}}', by=owner)
    delivery.pause_handler(handler="order_to_cash.invoice_what_left", reason="The printer is out", by=owner)
    delivery.replay_events(handler=HANDLER, by=owner)
    row = Delivery.objects.filter(handler=HANDLER).latest("pk")
    Delivery.objects.filter(pk=row.pk).update(status=Delivery.Status.DEAD, last_error="The disk was full.")
    SkipRequest.objects.create(delivery=row, reason="Billed by hand", asked_by=side.seller)
    Drift.objects.create(rule="stock = sum of its moves", row="inventory.stocklevel 1", message="Off", expected="1", actual="2")
    save_view(screen="sales:orders", name="Mine", query="?state=open", is_shared=True, by=owner)
    _file(owner)
    start_job("list.export", {"screen": "sales:orders", "query": "?state=all", "format": "csv", "what": "Orders"}, by=owner)
    work_jobs()
    send_effects()


def _file(owner: User) -> None:
    """A file with one row that is right and one that is not."""
    run = upload_table("parties.customer", name="old.csv", content=b"Kode;Nama;Email\nC-1;PT Lama;a@lama.example\nC-2;;salah\n", by=owner)
    match_columns(run, fields=["code", "name", "email"], by=owner)
    work_jobs()
    start_import(ImportRun.objects.get(pk=run.pk), by=owner)
    work_jobs()
