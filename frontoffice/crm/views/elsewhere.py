"""What the CRM shows on other pages: deals of a customer and of a product, and what is written down on a timeline."""

from django.utils.translation import gettext_lazy as _

from core.catalog.models import Product
from core.parties.models import Party
from core.web import ui
from core.web.gathering import Gathered
from core.web.registry import Text
from frontoffice.crm import forms
from frontoffice.crm.models import Activity, Deal, DealLine
from frontoffice.crm.operations import log_activity, plan_activity
from frontoffice.crm.views.activities import Activities
from frontoffice.crm.views.deals import Deals


def deals_url(party: Party) -> str:
    """The open deals of a customer."""
    return f"{Deals.url()}?state=open&where=party~is~{party.pk}"


def worth(party: Party) -> Gathered:
    """What the open deals of a customer may bring; nothing when there are none."""
    return ui.how_much(Deal.objects.open().filter(party=party), "amount", lambda amount: ui.figures.short_money(amount, ui.currency()))


ui.provide_counts(
    "parties.party",
    ui.Count(
        _("Open deals"),
        number=lambda party: ui.how_many(Deal.objects.open().filter(party=party)),
        url=deals_url,
        icon="handshake",
        permission="crm.view_deal",
    ),
    ui.Count(_("May bring"), number=worth, url=deals_url, permission="crm.view_deal"),
)


def product_deals(product: Product) -> Gathered:
    """How many open deals offer a product."""
    return ui.how_many(Deal.objects.open().filter(pk__in=DealLine.objects.filter(product=product).values("deal")))


ui.provide_counts("catalog.product", ui.Count(_("In open deals"), number=product_deals, icon="handshake", permission="crm.view_deal"))


def _log(kind: str, label: Text, icon: str) -> ui.Verb:
    return ui.Verb(
        log_activity,
        label,
        form=forms.LogActivityForm,
        icon=icon,
        slug=f"log-{kind}",
        permission="crm.log_activity",
        initial=lambda _record: {"kind": kind},
    )


WRITTEN_DOWN = (
    _log(Activity.Kind.CALL.value, _("Log a call"), "phone"),
    _log(Activity.Kind.MEETING.value, _("Log a meeting"), "users-round"),
    ui.Verb(
        plan_activity,
        _("Plan next step"),
        form=forms.PlanActivityForm,
        icon="calendar-plus",
        slug="plan",
        permission="crm.plan_activity",
        initial=lambda _record: {"kind": Activity.Kind.CALL.value},
    ),
)
for kind in ("crm.deal", "crm.lead", "parties.party"):
    ui.provide_composer(kind, *WRITTEN_DOWN)

ui.provide_counts(
    "parties.party",
    ui.Count(
        _("Next steps"),
        number=lambda party: ui.how_many(Activity.objects.planned().filter(party=party)),
        url=lambda party: f"{Activities.url()}?state=planned&where=party~is~{party.pk}",
        icon="calendar-check",
        permission="crm.view_activity",
    ),
)
