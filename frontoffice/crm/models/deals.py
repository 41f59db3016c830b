"""Deals: sales that are worked for."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Min, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.catalog.models import Product
from core.db import AmountField, CurrencyField, PriceField, QuantityField, RateField, Stateful, Tracked
from core.parties.models import Contact, Party
from core.people.visibility import Scoped, provide_scope
from frontoffice.crm.models.pipelines import LostReason, Stage

STALLED_AFTER = 14
"""Days in one stage after which an open deal counts as stalled."""


DECIDED_LATELY = 30
"""For so many days a decided deal is shown on the board."""


provide_scope("crm.deal", _("Deals"))


class DealQuerySet(Scoped["Deal"]):
    """Deals by where they stand."""

    NOUN = "crm.deal"

    def open(self) -> "DealQuerySet":
        """Still to be decided."""
        return self.filter(status=Deal.Status.OPEN)

    def won(self) -> "DealQuerySet":
        """The customer said yes."""
        return self.filter(status=Deal.Status.WON)

    def lost(self) -> "DealQuerySet":
        """The customer said no."""
        return self.filter(status=Deal.Status.LOST)

    def stalled(self, days: int = STALLED_AFTER) -> "DealQuerySet":
        """Open, and in the same stage for more than so many days."""
        return self.open().filter(stage_since__lt=clock.now() - timedelta(days=days))

    def on_board(self) -> "DealQuerySet":
        """Open, or decided so lately that it still belongs in view."""
        return self.filter(Q(status=Deal.Status.OPEN) | Q(closed_at__gte=clock.now() - timedelta(days=DECIDED_LATELY)))

    def with_next_step(self) -> "DealQuerySet":
        """Each deal with ``next_due_at``: when its next planned activity is due."""
        return self.annotate(next_due_at=Min("activities__due_at", filter=Q(activities__done_at__isnull=True)))


class Deal(Stateful):
    """A sale that is worked for. ``amount`` is the sum of its lines, or the estimate while it has none."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    STALLED_AFTER: ClassVar[int] = STALLED_AFTER

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        Status.OPEN: (Status.WON, Status.LOST),
        Status.LOST: (Status.OPEN,),
    }

    status = models.CharField(_("status"), max_length=24, choices=Status, default=Status.OPEN)
    name = models.CharField(_("name"), max_length=160)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="deals", verbose_name=_("customer"))
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="deals", verbose_name=_("contact"))
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="deals", verbose_name=_("stage"))
    stage_since = models.DateTimeField(_("in this stage since"), default=clock.now, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="deals", verbose_name=_("owner")
    )
    currency = CurrencyField(_("currency"))
    estimate = AmountField(_("estimate"), default=0, help_text=_("Counts as long as there are no lines."))
    amount = AmountField(_("amount"), default=0)
    expected_close_date = models.DateField(_("expected to close"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    lost_reason = models.ForeignKey(
        LostReason, on_delete=models.PROTECT, null=True, blank=True, related_name="deals", verbose_name=_("lost because")
    )
    lost_note = models.CharField(_("remark"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)

    objects = DealQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("deal")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.CheckConstraint(name="a_deal_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="a_deal_status_is_known", condition=Q(status__in=["open", "won", "lost"])),
            models.CheckConstraint(name="a_deal_amount_is_not_negative", condition=Q(amount__gte=0, estimate__gte=0)),
            models.CheckConstraint(name="a_won_deal_has_a_customer", condition=~Q(status="won") | Q(party__isnull=False)),
            models.CheckConstraint(
                name="a_lost_deal_has_a_reason",
                condition=Q(status="lost", lost_reason__isnull=False) | (~Q(status="lost") & Q(lost_reason__isnull=True)),
            ),
            models.CheckConstraint(
                name="a_decided_deal_knows_when",
                condition=Q(status="open", closed_at__isnull=True) | (~Q(status="open") & Q(closed_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="deal_by_day"),
            models.Index(fields=["status", "stage", "-amount"], name="deal_on_board"),
            models.Index(fields=["party", "-created_at"], name="deal_of_party"),
            models.Index(fields=["owner", "status"], name="deal_of_owner"),
        ]
        permissions: ClassVar = [
            ("open_deal", "Can open deals"),
            ("update_deal", "Can update deals and their lines"),
            ("move_deal", "Can move deals along the pipeline"),
            ("win_deal", "Can win deals"),
            ("lose_deal", "Can lose deals"),
            ("reopen_deal", "Can reopen lost deals"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.status == self.Status.OPEN


class DealLine(Tracked):
    """One thing the customer may say yes to: a product, or something in words."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("position"))
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="deal_lines", verbose_name=_("product")
    )
    description = models.CharField(_("description"), max_length=300)
    quantity = QuantityField(_("quantity"), default=1)
    unit_price = PriceField(_("unit price"))
    discount = RateField(_("discount"), default=0)
    amount = AmountField(_("amount"), default=0)

    class Meta(Tracked.Meta):
        verbose_name = _("deal line")
        default_permissions = ("view",)
        ordering: ClassVar = ["deal", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "position"], name="one_deal_line_per_position"),
            models.CheckConstraint(name="a_deal_line_says_what", condition=~Q(description="")),
            models.CheckConstraint(name="a_deal_line_wants_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="a_deal_price_is_not_negative", condition=Q(unit_price__gte=0)),
            models.CheckConstraint(name="a_deal_discount_is_a_fraction", condition=Q(discount__gte=0, discount__lte=1)),
        ]

    def __str__(self) -> str:
        return self.description
