"""How each event reads on a timeline: an icon, a sentence, the document it leads to, and what was said."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Story:
    """One kind of event in words. ``kind`` and ``id_field`` name the document it leads to; ``body`` the field that is quoted, ``says`` a
    sentence where that field is empty.
    When the field ``lacking`` names lines that are missing, ``lacks`` is the sentence, and they are listed below it."""

    icon: str
    sentence: str | Promise
    kind: str = ""
    id_field: str = ""
    body: str = ""
    says: str | Promise = ""
    lacking: str = ""
    lacks: str | Promise = ""


def _party(sentence: str | Promise, icon: str = "building-2") -> Story:
    return Story(icon, sentence, "parties.party", "party_id")


def _deal(sentence: str | Promise, icon: str = "square-kanban", body: str = "") -> Story:
    return Story(icon, sentence, "crm.deal", "deal_id", body)


def _order(sentence: str | Promise, icon: str = "shopping-cart", body: str = "") -> Story:
    return Story(icon, sentence, "sales.order", "order_id", body)


def _delivery(sentence: str | Promise, icon: str = "truck", body: str = "") -> Story:
    return Story(icon, sentence, "inventory.deliveryorder", "delivery_id", body)


def _invoice(sentence: str | Promise, icon: str = "file-text") -> Story:
    return Story(icon, sentence, "finance.invoice", "invoice_id")


def _approval(sentence: str | Promise, icon: str, body: str = "") -> Story:
    return Story(icon, sentence, "approvals.approval", "approval_id", body)


STORIES: dict[str, Story] = {
    "parties.PartyCreated": _party(_("%(name)s is known to us")),
    "parties.PartyUpdated": _party(_("Details changed: %(changed)s"), "pencil"),
    "parties.ContactAdded": Story("user-plus", _("%(name)s speaks for them"), "parties.party", "person_id", "job_title"),
    "parties.ConsentGiven": Story("badge-check", _("Agreed: %(purpose)s by %(channel)s")),
    "parties.ConsentWithdrawn": Story("ban", _("No longer agrees: %(purpose)s by %(channel)s")),
    "privacy.PrivacyRequestReceived": Story("shield-user", _("Privacy request taken"), "privacy.privacyrequest", "request_id"),
    "privacy.PersonErased": Story("user-round-x", _("Erased at their request"), "privacy.privacyrequest", "request_id"),
    "catalog.ProductCreated": Story("package-plus", _("Product added: %(name)s")),
    "catalog.ProductUpdated": Story("pencil", _("Product %(sku)s changed: %(changed)s")),
    "people.RolesChanged": Story("key-round", _("Works as %(roles)s now"), "people.user", "user_id"),
    "people.RoleUpdated": Story("shield-check", _("Role %(name)s changed"), "people.companyrole", "role_id"),
    "people.RoleRetired": Story("archive", _("Role %(name)s retired"), "people.companyrole", "role_id"),
    "people.TeamChanged": Story("users", _("Team %(name)s changed"), "people.team", "team_id"),
    "people.AccessEnded": Story("user-round-x", _("Access of %(name)s ended"), "people.user", "user_id"),
    "approvals.RequestAsked": _approval(_("A second person is asked for"), "stamp"),
    "approvals.RequestApproved": _approval(_("Approved by a second person"), "circle-check"),
    "approvals.RequestDeclined": _approval(_("Declined by a second person"), "circle-x", "reason"),
    "approvals.RequestWithdrawn": _approval(_("Withdrawn by who asked for it"), "undo-2"),
    "notes.NoteWritten": Story("sticky-note", _("Note"), body="body"),
    "integration.WebhookReceived": Story("webhook", _("%(source_name)s told us something"), "integration.receivedwebhook", "received_id"),
    "crm.LeadCreated": Story("sparkles", _("Lead: %(name)s"), "crm.lead", "lead_id"),
    "crm.LeadConverted": _deal(_("Lead %(name)s became a deal")),
    "crm.LeadLost": Story("circle-x", _("Lead %(name)s is lost"), "crm.lead", "lead_id", "reason"),
    "crm.LeadReopened": Story("rotate-ccw", _("Lead opened again: %(name)s"), "crm.lead", "lead_id"),
    "crm.DealOpened": _deal(_("Deal opened: %(name)s, %(amount)s")),
    "crm.DealAssigned": _deal(_("%(name)s is in the hands of %(owner_name)s"), "user-round-check"),
    "crm.DealMoved": _deal(_("%(name)s moved from %(from_stage)s to %(to_stage)s"), "move-right"),
    "crm.DealWon": _deal(_("Deal won: %(name)s, %(amount)s"), "trophy"),
    "crm.DealLost": _deal(_("Deal lost: %(name)s"), "circle-x", "reason"),
    "crm.DealReopened": _deal(_("Deal opened again: %(name)s"), "rotate-ccw"),
    "crm.ActivityLogged": _deal("%(subject)s", "message-square", "body"),
    "crm.ActivityDone": _deal(_("Done: %(subject)s"), "circle-check", "body"),
    "crm.ActivityReopened": _deal(_("To do again: %(subject)s"), "rotate-ccw"),
    "crm.ActivityRemoved": _deal(_("Removed: %(subject)s"), "circle-x"),
    "crm.ActivityFellDue": Story("alarm-clock", _("Due: %(subject)s")),
    "sales.OrderPlaced": _order(_("Order %(order_number)s drafted, %(total)s")),
    "sales.OrderConfirmed": _order(_("Order %(order_number)s confirmed, %(total)s"), "circle-check"),
    "sales.OrderHeld": Story(
        "circle-pause",
        _("Order %(order_number)s is on hold"),
        "sales.order",
        "order_id",
        "reason",
        says=_("The credit limit of %(credit_limit)s is exceeded: %(credit_used)s is used, and this order is %(total)s."),
    ),
    "sales.OrderReleased": _order(_("Order %(order_number)s released"), "circle-play"),
    "sales.OrderCancellationRequested": _order(_("Order %(order_number)s is being cancelled"), "circle-x", "reason"),
    "sales.OrderCancelled": _order(_("Order %(order_number)s cancelled"), "circle-x", "reason"),
    "sales.OrderKept": _order(_("Order %(order_number)s could not be cancelled: goods had left")),
    "sales.OrderShortened": _order(_("What had not left of order %(order_number)s was dropped"), "scissors", "reason"),
    "sales.InvoiceRequested": _order(_("Order %(order_number)s is to be invoiced"), "file-text"),
    "sales.ReturnRequested": Story("undo-2", _("Return %(return_number)s agreed"), "sales.return", "return_id", "reason"),
    "sales.ReturnCancelled": Story("undo-2", _("Return %(return_number)s called off"), "sales.return", "return_id", "reason"),
    "sales.CreditRequested": Story("file-minus", _("Return %(return_number)s is to be credited"), "sales.return", "return_id", "reason"),
    "inventory.StockReserved": Story(
        "package-check",
        _("Goods set aside for %(order_number)s, delivery %(delivery_number)s"),
        "inventory.deliveryorder",
        "delivery_id",
        lacking="short",
        lacks=_("Stock is short for %(order_number)s: delivery %(delivery_number)s waits"),
    ),
    "inventory.GoodsDelivered": _delivery(_("Delivered: %(delivery_number)s for %(order_number)s")),
    "inventory.DeliveryCancelled": _order(_("Deliveries of %(order_number)s cancelled"), "package-x"),
    "inventory.BackorderCancelled": _delivery(_("Rest of %(order_number)s will not follow"), "package-x", "reason"),
    "inventory.ReceiptPlanned": Story("calendar-plus", _("Goods are on their way: %(receipt_number)s"), "inventory.receipt", "receipt_id"),
    "inventory.ReceiptCancelled": Story(
        "circle-x", _("Goods will not come: %(receipt_number)s"), "inventory.receipt", "receipt_id", "reason"
    ),
    "inventory.StockAdjusted": Story("scale", _("Stock adjusted: %(adjustment_number)s"), body="reason"),
    "inventory.GoodsReceived": Story("package-plus", _("Goods received: %(receipt_number)s"), "inventory.receipt", "receipt_id"),
    "inventory.ReturnReceived": Story(
        "package-open", _("Goods came back: %(number)s for %(order_number)s"), "inventory.returnreceipt", "return_receipt_id"
    ),
    "inventory.StockValued": Story("scale", _("Value of the stock changed by %(amount)s: %(document_number)s")),
    "finance.InvoiceIssued": _invoice(_("Invoice %(invoice_number)s, %(total)s, due %(due_on)s")),
    "finance.InvoicePaid": _invoice(_("Invoice %(invoice_number)s is paid"), "circle-check"),
    "finance.InvoiceReopened": _invoice(_("Invoice %(invoice_number)s is open again, %(residual)s"), "rotate-ccw"),
    "finance.CreditNoteIssued": Story("file-minus", _("Credit note %(number)s, %(total)s"), "finance.invoice", "credit_note_id"),
    "finance.PaymentReceived": Story("banknote", _("Payment %(number)s, %(amount)s"), "finance.payment", "payment_id"),
    "finance.PaymentVoided": Story("circle-x", _("Payment %(number)s voided, %(amount)s"), "finance.payment", "payment_id", "reason"),
    "finance.CreditApplied": _invoice(_("Credit of %(amount)s used for %(invoice_number)s"), "banknote"),
    "finance.CreditTermsSet": Story("scale", _("Credit terms: %(payment_days)s days"), "parties.party", "customer_id"),
    "finance.FiscalYearOpened": Story("landmark", _("Fiscal year %(name)s opened")),
    "finance.PeriodClosed": Story("lock", _("Period %(name)s closed")),
    "finance.PeriodReopened": Story("lock-open", _("Period %(name)s opened again")),
    "integration.CreditHoldLasted": _order(_("Order %(order_number)s has been on hold since %(since)s"), "timer"),
    "integration.DeliveryOverdue": _order(_("Order %(order_number)s was promised for %(promised_for)s and has not left in full"), "timer"),
    "integration.PaymentOverdue": _invoice(_("Invoice %(invoice_number)s was due on %(due_on)s and is not paid"), "timer"),
    "integration.CancellationStuck": _order(
        _("The warehouse has not said whether order %(order_number)s can be cancelled"), "timer", "reason"
    ),
    "effects.MailRequested": Story("mail", _("E-mail to %(to)s waits to leave: %(subject)s")),
    "effects.MailSent": Story("mail-check", _("E-mail to %(to)s: %(subject)s")),
    "effects.MailFailed": Story("mail-x", _("E-mail to %(to)s did not leave: %(subject)s"), body="reason"),
}

ID_FIELDS: dict[str, tuple[str, ...]] = {
    "crm.deal": ("deal_id",),
    "crm.lead": ("lead_id",),
    "sales.order": ("order_id",),
    "sales.return": ("return_id",),
    "inventory.deliveryorder": ("delivery_id",),
    "inventory.receipt": ("receipt_id",),
    "inventory.returnreceipt": ("return_receipt_id",),
    "finance.invoice": ("invoice_id", "credit_note_id"),
    "finance.payment": ("payment_id",),
    "privacy.privacyrequest": ("request_id",),
    "approvals.approval": ("approval_id",),
}
"""Which fields of an event name a document of this kind. A credit note is an invoice the other way round."""

NOT_TOLD = frozenset({"sales.InvoiceRequested", "sales.CreditRequested", "sales.OrderShortened", "integration.CancellationStuck"})
"""Facts between the offices that say nothing new to a person: the fact that is told comes at once before or after."""
