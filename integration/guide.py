"""What a newcomer is shown: the first steps of each role, and the way of one order through the company.

A step is done when the records say that this person did it; what no record tells, the person ticks off.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.events.models import Record
from core.people.models import User
from core.people.roles import Role
from core.web.help import Station, Step, provide_stations, provide_steps
from core.web.registry import may_open


@dataclass(frozen=True)
class Lesson:
    """One step of a role: a page, and the event that proves it was done (none: nobody can know)."""

    key: str
    title: Promise
    note: Promise
    place: str
    proof: str = ""


PALETTE = Lesson("palette", _("Find anything with Ctrl K"), _("Type a customer, a number or a page; ? shows all shortcuts."), "web:help")
PROFILE = Lesson("profile", _("Make it yours"), _("Language, theme and password."), "people:profile")
CUSTOMERS = Lesson("customers", _("Look up a customer"), _("Everything that ever happened with them, on one page."), "parties:parties")

LESSONS: dict[str, tuple[Lesson, ...]] = {
    Role.OWNER: (
        Lesson("company", _("Check the company's details"), _("They stand on every document that leaves."), "parties:our-company"),
        Lesson("colleagues", _("Let your colleagues in"), _("Each in the roles they work in."), "people:users"),
        Lesson(
            "product",
            _("Add what you sell"),
            _("Products and services with their prices."),
            "catalog:product-new",
            "catalog.ProductCreated",
        ),
        Lesson(
            "release",
            _("Decide on an order on hold"),
            _("It waits because the customer's credit is used up."),
            "sales:orders",
            "sales.OrderReleased",
        ),
        Lesson("profit", _("Read profit and loss"), _("Computed from the ledger, now."), "finance:reports-profit-and-loss"),
        PALETTE,
    ),
    Role.SALES: (
        CUSTOMERS,
        Lesson("deal", _("Open a deal"), _("The pipeline shows it until it is won or lost."), "crm:deal-new", "crm.DealOpened"),
        Lesson(
            "activity",
            _("Note a call, a mail or a meeting"),
            _("So that nobody has to ask what was said."),
            "crm:activities",
            "crm.ActivityLogged",
        ),
        Lesson("order", _("Place an order"), _("A draft first; nothing is promised yet."), "sales:order-new", "sales.OrderPlaced"),
        Lesson("confirm", _("Confirm it"), _("The warehouse sets the goods aside by itself."), "sales:orders", "sales.OrderConfirmed"),
        PALETTE,
    ),
    Role.STOREKEEPER: (
        Lesson(
            "deliver",
            _("Send a delivery"),
            _("Pick it, then say what left; the invoice follows by itself."),
            "inventory:deliveries",
            "inventory.GoodsDelivered",
        ),
        Lesson(
            "receive",
            _("Receive goods"),
            _("What waits for them is served, oldest first."),
            "inventory:receipts",
            "inventory.GoodsReceived",
        ),
        Lesson("stock", _("See what is on the shelf"), _("On hand, reserved, and what may still be promised."), "inventory:stock"),
        Lesson(
            "count", _("Count a shelf"), _("Say what you found and why it differs."), "inventory:adjustment-new", "inventory.StockAdjusted"
        ),
        PALETTE,
    ),
    Role.ACCOUNTANT: (
        Lesson(
            "payment",
            _("Register a payment"),
            _("It settles the oldest invoices unless you say otherwise."),
            "finance:payment-new",
            "finance.PaymentReceived",
        ),
        Lesson(
            "release",
            _("Decide on an order on hold"),
            _("It waits because the customer's credit is used up."),
            "sales:orders",
            "sales.OrderReleased",
        ),
        Lesson(
            "terms",
            _("Set how far a customer is trusted"),
            _("Days to pay, and a credit limit."),
            "finance:credit-terms",
            "finance.CreditTermsSet",
        ),
        Lesson(
            "aged", _("See who owes what"), _("Receivables by age, each line leads to its invoices."), "finance:reports-aged-receivables"
        ),
        Lesson("close", _("Close a period"), _("From then on nothing can be posted into it."), "finance:periods", "finance.PeriodClosed"),
        PALETTE,
    ),
    Role.AUDITOR: (
        Lesson("trial", _("Read the trial balance"), _("Every figure leads to its entries."), "finance:reports-trial-balance"),
        Lesson("journal", _("Open a journal entry"), _("It says which document it came from."), "finance:entries"),
        Lesson("why", _("Ask why something happened"), _("Each event names its cause and what followed."), "console:records"),
        CUSTOMERS,
        PALETTE,
    ),
    Role.IT: (
        Lesson("deliveries", _("See what the workers do"), _("What is stuck waits here for your word."), "console:deliveries"),
        Lesson("why", _("Ask why something happened"), _("Each event names its cause and what followed."), "console:records"),
        Lesson("users", _("Look at who may sign in"), _("And end somebody's access when they leave."), "people:users"),
        PROFILE,
        PALETTE,
    ),
}
OTHERS = (CUSTOMERS, PROFILE, PALETTE)

STATIONS = (
    Station(
        _("A deal is won"), _("The customer said yes; its lines become an order, still a draft."), Role.SALES, "handshake", "crm:deal-board"
    ),
    Station(
        _("The order is confirmed"),
        _("Within the credit limit it goes ahead; beyond it, it waits for a word."),
        Role.SALES,
        "shopping-cart",
        "sales:orders",
    ),
    Station(_("An order on hold is released"), _("Or the customer pays first."), Role.ACCOUNTANT, "circle-play", "sales:orders"),
    Station(
        _("Goods are set aside"),
        _("By itself; what is short waits for the next receipt."),
        Role.STOREKEEPER,
        "package-check",
        "inventory:deliveries",
    ),
    Station(
        _("Goods leave"),
        _("Picked and delivered; a rest becomes a delivery of its own."),
        Role.STOREKEEPER,
        "truck",
        "inventory:deliveries",
    ),
    Station(
        _("The invoice is issued"),
        _("By itself, for what left, posted to the ledger in the same moment."),
        Role.ACCOUNTANT,
        "file-text",
        "finance:invoices",
    ),
    Station(
        _("The customer pays"), _("The payment settles the invoice; the seller is told."), Role.ACCOUNTANT, "banknote", "finance:payments"
    ),
    Station(
        _("The books are read and closed"),
        _("Reports are computed from the ledger; a closed period stays as it is."),
        Role.ACCOUNTANT,
        "landmark",
        "web:reports",
    ),
)


def first_steps(user: User) -> list[Step]:
    """The steps of the person's first role that has any, only those that lead where they may go."""
    roles = [group.name for group in user.groups.all()]
    lessons = next((LESSONS[role] for role in LESSONS if role in roles), OTHERS)
    open_to_them = [lesson for lesson in lessons if lesson.place == "people:profile" or may_open(lesson.place, user)]
    proofs = {lesson.proof for lesson in open_to_them if lesson.proof}
    proven = (
        set(Record.objects.filter(actor=user, type__in=proofs).order_by().values_list("type", flat=True).distinct()) if proofs else set()
    )
    return [Step(lesson.key, lesson.title, lesson.note, reverse(lesson.place), lesson.proof in proven) for lesson in open_to_them]


def plug_in() -> None:
    """Give the help page and the first page what only this floor knows; runs once at start."""
    provide_steps(first_steps)
    provide_stations(lambda: STATIONS)
