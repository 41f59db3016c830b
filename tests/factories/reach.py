"""Two sellers with everything of their own: what one of them must not meet of the other's, wherever they look."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model

from backoffice.finance.models import CustomerAccount, Invoice
from backoffice.finance.operations import register_payment, set_credit_terms
from backoffice.inventory.models import DeliveryOrder, ReturnReceipt
from backoffice.inventory.operations import deliver_all
from core.catalog.models import Product
from core.files.operations import attach
from core.notes.operations import write_note
from core.notifications.operations import notify
from core.parties.consent import record_consent
from core.parties.operations import add_address, add_contact, create_party
from core.people.models import CompanyRole, Reach, User
from core.people.operations import create_user
from core.people.reshaping import update_role
from core.people.roles import Role
from core.people.visibility import scopes
from frontoffice.crm.operations import create_lead, log_activity, open_deal
from frontoffice.sales.operations import LineQuantity, NewLine, confirm_order, create_price_list, place_order, request_return
from integration.delivery import drain
from integration.models import ProcessInstance
from tests.factories.crm import make_pipeline
from tests.factories.house import make_stocked


@dataclass
class Side:
    """One seller, and one record of every kind that is theirs; ``words`` are met nowhere but in those."""

    seller: User
    word: str
    records: dict[type[Model], Model] = field(default_factory=dict)

    def keep(self, *records: Model) -> None:
        """Remember what is theirs."""
        self.records |= {type(record): record for record in records}

    @property
    def words(self) -> set[str]:
        """What gives them away: their own word, and the numbers of their papers."""
        numbers = {str(record.number) for record in self.records.values() if hasattr(record, "number")}  # type: ignore[attr-defined]
        return {self.word} | numbers


def make_seller(name: str, word: str) -> User:
    """Somebody who sells."""
    mail = f"{word.lower()}@nusantara.example"
    return create_user(email=mail, name=name, roles=[Role.SALES], password=None, by=User.objects.service())


def make_side(name: str, word: str) -> Side:
    """A seller with a customer of their own, a lead, a deal, and an order that was delivered, billed, paid and partly came back."""
    house = User.objects.service()
    seller = make_seller(name, word)
    side = Side(seller, word)
    make_pipeline()
    desk = Product.objects.filter(sku="DESK-140").first() or make_stocked("DESK-140", 60)
    party = create_party(name=f"PT {word}", roles=["customer"], owner=seller, email=f"office@{word.lower()}.example", by=house)
    contact = add_contact(party, name=f"Ibu {word}", email=f"ibu@{word.lower()}.example", by=house)
    address = add_address(party, kind="office", street=f"Jalan {word} 1", city="Jakarta", country="Indonesia", by=house)
    reached = {"channel": "email", "value": f"office@{word.lower()}.example", "purpose": "offers"}
    consent = record_consent(party, **reached, given=True, how="email", words=f"News for {word}", by=house)
    lead = create_lead(name=f"Pak {word}", company_name=f"CV {word}", email=f"pak@{word.lower()}.example", owner=seller, by=house)
    deal = open_deal(name=f"Deal {word}", party=party, owner=seller, by=house)
    activity = log_activity(deal, kind="note", subject=f"Call {word}", by=seller)
    order = place_order(customer_id=party.pk, lines=[NewLine(product_id=desk.pk, quantity=Decimal(2))], note=f"Order {word}", by=seller)
    confirm_order(order, by=seller)
    drain()
    goods = DeliveryOrder.objects.get(order_id=order.pk)
    deliver_all(goods, by=house)
    drain()
    invoice = Invoice.objects.get(order_id=order.pk)
    payment = register_payment(party, Decimal(1000), received_on=invoice.issued_on, reference=f"Paid {word}", by=house)
    back = request_return(order, lines=[LineQuantity(order.lines.get().pk, Decimal(1))], reason=f"Scratched {word}", by=seller)
    drain()
    set_credit_terms(party, credit_limit=Decimal(9_000_000), payment_days=30, by=house)
    prices = create_price_list(name=f"Prices {word}", customer=party, by=house)
    note = write_note("sales.order", order.pk, f"Secretly {word}", by=seller)
    file = attach("sales.order", order.pk, SimpleUploadedFile(f"{word}.txt", b"plain words"), by=seller)
    told = notify(seller, f"Told {word}")
    receipt = ReturnReceipt.objects.get(order_id=order.pk)
    terms = CustomerAccount.objects.get(party=party)
    side.keep(
        party,
        contact,
        address,
        consent,
        lead,
        deal,
        activity,
        order,
        goods,
        invoice,
        payment,
        back,
        prices,
        note,
        file,
        receipt,
        terms,
        told,
    )
    side.keep(*order.lines.all(), *back.lines.all(), *invoice.allocations.all(), *party.contact_points.all())
    side.keep(*ProcessInstance.objects.filter(kind="sales.order", object_id=order.pk))
    return side


def narrow_sellers(reach: Reach, by: User) -> None:
    """Let sellers see only so far, in everything."""
    role = CompanyRole.objects.named().get(group__name=Role.SALES)
    update_role(role, reaches={scope.noun: reach for scope in scopes()}, by=by)
