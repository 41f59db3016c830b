"""Somebody asks to be forgotten: what is open with them comes to its end first."""

from django.utils.translation import gettext as _

from backoffice.finance import operations as finance
from core.events import answers
from core.privacy.questions import UnfinishedBusiness
from frontoffice.crm import operations as crm
from frontoffice.sales import operations as sales


@answers(UnfinishedBusiness)
def what_is_open_with_them(question: UnfinishedBusiness) -> tuple[str, ...]:
    """Deals to decide, orders to fulfil, money to pay either way."""
    found = (
        (crm.open_deals_with(question.party_id), _("open deals: %(names)s")),
        (sales.open_orders_of(question.party_id), _("orders that are not over: %(names)s")),
        (finance.unsettled_with(question.party_id), _("unsettled invoices: %(names)s")),
    )
    return tuple(words % {"names": ", ".join(names[:5])} for names, words in found if names)
