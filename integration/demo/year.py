"""A year in the life of PT Nusantara Maju, told with the known cast, a fixed seed and the real operations."""

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from backoffice.finance import operations as finance
from backoffice.finance.models import Invoice
from backoffice.inventory import operations as inventory
from backoffice.inventory.models import DeliveryOrder, ReturnReceipt, StockLevel
from core import clock
from core.catalog.models import Product
from core.money import round_money
from core.notifications.operations import mark_all_read
from core.parties.models import Party
from core.people.models import User
from core.people.roles import Role
from core.printing.operations import send_document
from frontoffice.crm import operations as crm
from frontoffice.crm.models import Activity, Deal, Lead, LostReason, Stage
from frontoffice.sales import operations as sales
from frontoffice.sales.models import Order, Return
from integration.demo.agenda import Agenda
from integration.demo.opening import House, lot_of, open_house
from integration.demo.second_person import ask_for_an_entry, demand_two_for_entries
from integration.demo.trading import domain_of

SEED = 17081945
DAYS = 365
ORDERS_A_WEEK = 3.4

DEAL_NAMES = (
    "New office, floor {n}",
    "Meeting rooms",
    "Home-office kits",
    "Replacement of chairs",
    "Monitors for the design team",
    "Branch opening",
    "Warehouse desks",
    "Yearly supplies",
)
LEAD_NAMES = (
    ("Arif Setiawan", "PT Cahaya Nusa"),
    ("Bella Oktaviani", "CV Sinar Pagi"),
    ("Citra Melati", "PT Graha Sentosa"),
    ("Doni Firmansyah", "PT Mandiri Agro"),
    ("Elsa Pertiwi", "CV Kopi Kita"),
    ("Fajar Maulana", "PT Surya Data"),
    ("Gita Larasati", "PT Wahana Medika"),
    ("Hadi Purnomo", "CV Batik Laras"),
    ("Intan Puspita", "PT Nusa Robotik"),
    ("Jefri Siregar", "PT Danau Toba Tour"),
)
SUBJECTS = (
    ("call", "Call about the floor plan", "They count 24 seats now, maybe 30 next year."),
    ("meeting", "Visit on site", "Measured both rooms. Delivery only before nine in the morning."),
    ("email", "Sent the samples list", "Waiting for their choice of colours."),
    ("call", "Follow-up call", "Budget is approved; the finance director signs next week."),
    ("note", "Competitor", "A reseller from Surabaya offered two per cent less, without installation."),
)


class Year:
    """The story: who does what when. Every step is one operation by the person whose work it is."""

    def __init__(self, *, days: int = DAYS) -> None:
        self.chance = random.Random(SEED)  # noqa: S311 - a story, not a secret
        self.end = timezone.now()
        self.start = self.end - timedelta(days=days)
        self.agenda = Agenda()
        self.house: House

    def live(self, *, after_each: Callable[[datetime], None] = lambda _moment: None) -> None:
        """Let the whole year happen. ``after_each`` is told how far it is."""
        self.agenda.add(self.start - timedelta(days=1), self._begin)
        self.agenda.live_until(self.end, after_each=after_each)
        for person in User.objects.active():  # they have read the news of the year but for the last days
            mark_all_read(before=self.end - timedelta(days=2), by=person)

    def _begin(self) -> None:
        self.house = open_house(timezone.localdate(self.start - timedelta(days=1)), timezone.localdate(self.end), self.chance)
        self._plan_the_year()

    # -- The plan -----------------------------------------------------------------------------------------------------

    def _plan_the_year(self) -> None:
        day = self.start
        while day < self.end:
            if timezone.localtime(day).weekday() < 5:
                growth = 0.7 + 0.6 * (day - self.start) / (self.end - self.start)
                if self.chance.random() < ORDERS_A_WEEK / 5 * growth:
                    self._at(day, self._an_order_comes_in)
                if self.chance.random() < (0.28 if day < self.end - timedelta(days=30) else 0.8):
                    self._at(day, self._a_deal_begins)
                if self.chance.random() < (0.08 if day < self.end - timedelta(days=14) else 0.5):
                    self._at(day, self._a_lead_comes_in)
            if timezone.localtime(day).day in {3, 17}:
                self._at(day, self._stock_is_replenished)
            day += timedelta(days=1)
        for hours in (3, 9, 22, 30, 47):
            self.agenda.add(self.end - timedelta(hours=hours), self._an_order_comes_in)
        self.agenda.add(self.end - timedelta(hours=26), self._more_is_ordered_than_there_is)
        self.agenda.add(self.end - timedelta(hours=25), self._a_truck_is_on_its_way)
        self.agenda.add(self.end - timedelta(hours=2), self._papers_are_sent)
        self.agenda.add(self.end - timedelta(hours=28), lambda: demand_two_for_entries(by=self._one(Role.OWNER)))
        self.agenda.add(self.end - timedelta(hours=4), lambda: ask_for_an_entry(by=self._one(Role.ACCOUNTANT)))

    def _at(self, day: datetime, deed: Callable[[], None], *, hour: int | None = None) -> None:
        local = timezone.localtime(day)
        moment = datetime.combine(local.date(), time(hour or self.chance.randrange(8, 17), self.chance.randrange(60)), local.tzinfo)
        self.agenda.add(moment, deed)

    def _later(self, days: float, deed: Callable[[], None]) -> None:
        self.agenda.add(_now() + timedelta(days=days, minutes=self.chance.randrange(1, 300)), deed)

    # -- Selling ------------------------------------------------------------------------------------------------------

    def _a_lead_comes_in(self) -> None:
        name, company = self.chance.choice(LEAD_NAMES)
        seller = self._seller()
        lead = crm.create_lead(
            name=name,
            company_name=company,
            email=f"{name.lower().replace(' ', '.')}@{domain_of(company)}",
            source=self.chance.choice(Lead.Source.values),
            owner=seller,
            note="Asked for prices of a complete office.",
            by=seller,
        )
        fate = self.chance.random()
        if fate < 0.45:
            self._later(4, lambda: self._convert(lead, seller))
        elif fate < 0.7:
            self._later(9, lambda: _quietly_lose(lead, seller))

    def _convert(self, lead: Lead, seller: User) -> None:
        deal = crm.convert_lead(lead, deal_name=self._deal_name(), by=seller)
        self._fill(deal, seller)
        self._later(3, lambda: self._work_on(deal.pk, seller))

    def _a_deal_begins(self) -> None:
        customer = self.chance.choice(self.house.customers)
        seller = customer.owner or self._seller()
        deal = crm.open_deal(
            name=self._deal_name(),
            party=customer,
            owner=seller,
            expected_close_date=(_now() + timedelta(days=self.chance.randrange(20, 70))).date(),
            by=seller,
        )
        self._fill(deal, seller)
        self._later(3, lambda: self._work_on(deal.pk, seller))

    def _fill(self, deal: Deal, seller: User) -> None:
        for product, quantity, discount in self._basket(5):
            crm.add_line(deal, product=product, quantity=quantity, discount=discount, by=seller)

    def _work_on(self, deal_id: int, seller: User) -> None:
        deal = Deal.objects.select_related("stage", "party").get(pk=deal_id)
        for promised in Activity.objects.filter(deal=deal, done_at=None):
            crm.complete_activity(promised, by=seller)
        kind, subject, body = self.chance.choice(SUBJECTS)
        crm.log_activity(deal, kind=kind, subject=subject, body=body, by=seller)
        stages = list(Stage.objects.filter(pipeline=deal.stage.pipeline).order_by("position"))
        onward = [stage for stage in stages if stage.position > deal.stage.position]
        luck = self.chance.random()
        if luck < 0.12:
            reason = self.chance.choice(list(LostReason.objects.order_by("pk")))
            crm.lose_deal(deal, reason=reason, by=seller)
        elif luck < 0.4:
            self._later(self.chance.randrange(3, 9), lambda: self._work_on(deal_id, seller))
        elif onward:
            crm.move_deal(deal, stage=onward[0], by=seller)
            crm.plan_activity(
                deal,
                kind=Activity.Kind.CALL,
                subject=f"Call {deal.party}",
                due_at=_now() + timedelta(days=self.chance.randrange(2, 12)),
                assignee=seller,
                by=seller,
            )
            self._later(self.chance.randrange(5, 16), lambda: self._work_on(deal_id, seller))
        else:
            crm.win_deal(deal, by=seller)
            self._later(0.2, lambda: self._confirm_what_was_won(deal_id, seller))

    def _confirm_what_was_won(self, deal_id: int, seller: User) -> None:
        self._confirm(Order.objects.get(deal_id=deal_id), seller)

    def _an_order_comes_in(self) -> None:
        customer = self.chance.choice(self.house.customers)
        seller = customer.owner or self._seller()
        lines = [
            sales.NewLine(product_id=product.pk, quantity=quantity, discount=discount) for product, quantity, discount in self._basket(4)
        ]
        if self.chance.random() < 0.35:
            lines.append(sales.NewLine(description="Freight", unit_price=Decimal(self.chance.randrange(15, 90) * 10_000)))
        order = sales.place_order(customer_id=customer.pk, lines=lines, owner_id=seller.pk, by=seller)
        if self.chance.random() < 0.04:
            return
        self._confirm(order, seller)

    def _more_is_ordered_than_there_is(self) -> None:
        customer = next(party for party in self.house.customers if party.name == "PT Indo Mitra Baja")
        seller = customer.owner or self._seller()
        lines = [sales.NewLine(product_id=self.house.goods[0].pk, quantity=Decimal(90))]
        order = sales.place_order(customer_id=customer.pk, lines=lines, owner_id=seller.pk, by=seller)
        sales.confirm_order(order, by=seller)

    def _papers_are_sent(self) -> None:
        clerk = self._one(Role.ACCOUNTANT)
        for invoice in Invoice.objects.invoices().open().order_by("-issued_on", "-pk")[:3]:
            send_document(invoice, document="invoice", by=clerk)
        for order in Order.objects.drafts().select_related("owner").order_by("-pk")[:2]:
            send_document(order, document="quotation", by=order.owner or self._seller())

    def _confirm(self, order: Order, seller: User) -> None:
        order = sales.confirm_order(order, by=seller)
        if order.status == Order.Status.ON_HOLD:
            if self.chance.random() < 0.8:
                self._later(1, lambda: self._release(order.pk))
            return
        self._after_confirming(order.pk, seller)

    def _release(self, order_id: int) -> None:
        order = Order.objects.get(pk=order_id)
        if order.status == Order.Status.ON_HOLD:  # else the customer has paid meanwhile, and it went ahead by itself
            sales.release_order(order, by=self._one(Role.ACCOUNTANT))
        self._after_confirming(order_id, order.owner or self._seller())

    def _after_confirming(self, order_id: int, seller: User) -> None:
        if self.chance.random() < 0.03:
            self._later(0.5, lambda: self._cancel(order_id, seller))
            return
        self._later(self.chance.randrange(1, 5), lambda: self._deliver(order_id))
        self._later(0.01, lambda: self._expect_payment_of_services(order_id))

    def _cancel(self, order_id: int, seller: User) -> None:
        sales.cancel_order(Order.objects.get(pk=order_id), reason="The customer moved the project to next year.", by=seller)

    # -- Delivering ---------------------------------------------------------------------------------------------------

    def _deliver(self, order_id: int) -> None:
        keeper = self._one(Role.STOREKEEPER)
        goods = DeliveryOrder.objects.filter(
            order_id=order_id, status__in=[DeliveryOrder.Status.WAITING, DeliveryOrder.Status.READY]
        ).first()
        if goods is None:
            return
        is_short = goods.status == DeliveryOrder.Status.WAITING
        if is_short and (self.chance.random() < 0.6 or not any(line.reserved_quantity for line in goods.lines.all())):
            self._later(4, lambda: self._deliver(order_id))
            return
        inventory.deliver_all(goods, by=keeper)
        self._later(0.02, lambda: self._expect_payment(goods.pk, order_id))
        self._later(self.chance.randrange(4, 9), lambda: self._deliver(order_id))

    def _expect_payment(self, delivery_id: int, order_id: int) -> None:
        self._collect(Invoice.objects.get(delivery_id=delivery_id))
        if self.chance.random() < 0.05:
            self._later(6, lambda: self._goods_come_back(order_id))

    def _expect_payment_of_services(self, order_id: int) -> None:
        for invoice in Invoice.objects.filter(order_id=order_id, delivery_id=None, kind=Invoice.Kind.INVOICE):
            self._collect(invoice)

    def _goods_come_back(self, order_id: int) -> None:
        order = Order.objects.get(pk=order_id)
        line = order.lines.filter(delivered_quantity__gt=0, returned_quantity=0).order_by("position").first()
        if line is None:
            return
        back = sales.request_return(
            order, lines=[sales.LineQuantity(line.pk, Decimal(1))], reason="Scratched on arrival.", by=order.owner or self._seller()
        )
        self._later(2, lambda: self._receive_back(back))

    def _receive_back(self, back: Return) -> None:
        inventory.receive_return(ReturnReceipt.objects.get(return_id=back.pk), by=self._one(Role.STOREKEEPER))

    # -- Collecting ---------------------------------------------------------------------------------------------------

    def _collect(self, invoice: Invoice) -> None:
        luck = self.chance.random()
        if luck < 0.72:
            self._later(self.chance.randrange(6, 30), lambda: self._pay(invoice.pk, Decimal(1)))
        elif luck < 0.86:
            self._later(self.chance.randrange(31, 75), lambda: self._pay(invoice.pk, Decimal(1)))
        elif luck < 0.93:
            self._later(self.chance.randrange(10, 30), lambda: self._pay(invoice.pk, Decimal("0.5")))
            self._later(self.chance.randrange(40, 80), lambda: self._pay(invoice.pk, Decimal(1)))
        elif luck < 0.96:
            self._later(self.chance.randrange(6, 30), lambda: self._pay(invoice.pk, Decimal("1.05")))
        else:
            self._later(self.chance.randrange(120, 200), lambda: self._pay(invoice.pk, Decimal(1)))

    def _pay(self, invoice_id: int, share: Decimal) -> None:
        invoice = Invoice.objects.select_related("customer").get(pk=invoice_id)
        amount = round_money(invoice.residual * share, invoice.currency)
        if amount <= 0:
            return
        finance.register_payment(
            invoice.customer,
            amount,
            received_on=timezone.localdate(_now()),
            invoices=[(invoice, min(amount, invoice.residual))],
            reference=f"BCA {self.chance.randrange(10**7, 10**8)}",
            by=self._one(Role.ACCOUNTANT),
        )

    # -- Replenishing -------------------------------------------------------------------------------------------------

    def _stock_is_replenished(self) -> None:
        on_hand = {level.product_id: level.on_hand - level.reserved for level in StockLevel.objects.all()}
        wanted = [product for product in self.house.goods if on_hand.get(product.pk, Decimal(0)) < lot_of(product)]
        for supplier, lines in self._by_supplier(wanted, lots=2).items():
            inventory.receive_goods(lines=lines, supplier=supplier, by=self._one(Role.STOREKEEPER))

    def _a_truck_is_on_its_way(self) -> None:
        expected_on = timezone.localdate(_now()) + timedelta(days=6)
        for supplier, lines in self._by_supplier(self.house.goods[:4], lots=1).items():
            inventory.plan_receipt(lines=lines, supplier=supplier, expected_on=expected_on, by=self._one(Role.STOREKEEPER))

    def _by_supplier(self, wanted: list[Product], *, lots: int) -> dict[Party, list[inventory.ReceivedLine]]:
        """So many lots of each product, with whoever brings them."""
        found: dict[Party, list[inventory.ReceivedLine]] = {}
        for product in wanted:
            line = inventory.ReceivedLine(product_id=product.pk, quantity=Decimal(lot_of(product) * lots), unit_cost=self._cost(product))
            found.setdefault(self.house.suppliers[str(product.category)], []).append(line)
        return found

    # -- Choosing -----------------------------------------------------------------------------------------------------

    def _basket(self, most: int) -> list[tuple[Product, Decimal, Decimal]]:
        chosen = self.chance.sample(self.house.goods, self.chance.randrange(1, most + 1))
        basket = [
            (product, Decimal(self.chance.randrange(2, 16)), Decimal(self.chance.choice(("0", "0", "0", "0.05", "0.10"))))
            for product in chosen
        ]
        if self.chance.random() < 0.25:
            basket.append((self.chance.choice(self.house.services), Decimal(self.chance.randrange(1, 6)), Decimal(0)))
        return basket

    def _cost(self, product: Product) -> Decimal:
        return (self.house.costs[product.pk] * Decimal(self.chance.randrange(97, 106)) / 100).quantize(Decimal(1))

    def _deal_name(self) -> str:
        return self.chance.choice(DEAL_NAMES).format(n=self.chance.randrange(2, 18))

    def _seller(self) -> User:
        return self.chance.choice(self.house.people[Role.SALES])

    def _one(self, role: Role) -> User:
        return self.house.people[role][0]


def _quietly_lose(lead: Lead, seller: User) -> None:
    crm.lose_lead(lead, reason="No answer after three calls.", by=seller)


def _now() -> datetime:
    return clock.now()
