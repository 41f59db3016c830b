"""Parties: every company and person Satu deals with, once, whatever they are to us."""

import zoneinfo
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from core import clock
from core.db import Tracked
from core.guards import ERASABLE
from core.people.models import User
from core.people.visibility import owned, provide_scope, seen_by

OfParty = TypeVar("OfParty", bound=models.Model)

provide_scope("parties.party", _("Customers"))


class PartyQuerySet(models.QuerySet["Party"]):
    """Parties by what they are to us."""

    def visible_to(self, user: User) -> "PartyQuerySet":
        """Who may see parties, sees those that are no customers, and of customers and their people those within their reach."""
        own = owned("parties.party", user, ("owner",))
        if own is None:
            return self
        speaking = Contact.objects.order_by()
        of_theirs = speaking.filter(company__in=Party.objects.filter(own).order_by().values("pk")).values("person")
        sold_to = PartyRole.objects.filter(role=PartyRole.Role.CUSTOMER).order_by().values("party")
        others = ~Q(pk__in=sold_to) & ~Q(pk__in=speaking.values("person")) if user.has_perm("parties.view_party") else Q(pk__in=[])
        return self.filter(own | Q(pk__in=of_theirs) | others)

    def in_role(self, role: str) -> "PartyQuerySet":
        """Those who have a role, e.g. ``PartyRole.Role.CUSTOMER``."""
        return self.filter(pk__in=PartyRole.objects.filter(role=role).values("party"))

    def customers(self) -> "PartyQuerySet":
        """Those we sell to."""
        return self.in_role(PartyRole.Role.CUSTOMER)

    def suppliers(self) -> "PartyQuerySet":
        """Those we buy from."""
        return self.in_role(PartyRole.Role.SUPPLIER)

    def companies(self) -> "PartyQuerySet":
        """Organisations, not people."""
        return self.filter(kind=Party.Kind.COMPANY)

    def active(self) -> "PartyQuerySet":
        """Those we still deal with."""
        return self.filter(is_active=True)


class Party(Tracked):
    """A company or a person: one record for sales, finance, support and everybody else."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        PERSON = "person", _("Person")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.COMPANY)
    code = models.CharField(_("code"), max_length=32, blank=True, help_text=_("How your people call it, if by a code."))
    name = models.CharField(_("name"), max_length=160)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    tax_id = models.CharField(_("tax number"), max_length=32, blank=True)
    tax_id_country = models.CharField(_("country of the tax number"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Jakarta")
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="parties", verbose_name=_("owner")
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = PartyQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints: ClassVar = [
            models.CheckConstraint(name="a_party_has_a_name", condition=~Q(name="")),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="one_party_per_code"),
            models.UniqueConstraint(fields=["tax_id_country", "tax_id"], condition=~Q(tax_id=""), name="one_party_per_tax_number"),
        ]
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="party_by_name")]
        permissions: ClassVar = [
            ("create_party", "Can create parties"),
            ("update_party", "Can update parties"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The party's time zone."""
        return zoneinfo.ZoneInfo(self.time_zone)


class PartyRole(models.Model):
    """One thing a party is to us."""

    class Role(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        SUPPLIER = "supplier", _("Supplier")
        EMPLOYEE = "employee", _("Employee")
        SHIPPER = "shipper", _("Shipper")

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["party", "role"], name="one_of_each_role_per_party")]
        indexes: ClassVar = [models.Index(fields=["role", "party"], name="party_in_role")]

    def __str__(self) -> str:
        return self.get_role_display()


class OfPartyQuerySet(models.QuerySet[OfParty]):
    """What belongs to a party is seen by whoever sees the party."""

    def visible_to(self, user: User) -> Self:
        """Of the parties somebody sees."""
        parties = seen_by(Party.objects.all(), user)
        name = "company" if self.model is Contact else "party"
        return self.filter(**{f"{name}__in": parties.order_by().values("pk")}) if parties.query.where else self


class Address(Tracked):
    """Where a party gets its mail, its goods or its bills."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("Office")
        BILLING = "billing", _("Billing")
        SHIPPING = "shipping", _("Shipping")

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.OFFICE)
    street = models.CharField(_("street"), max_length=200)
    city = models.CharField(_("city"), max_length=100)
    region = models.CharField(_("region"), max_length=100, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=16, blank=True)
    country = models.CharField(_("country"), max_length=60)

    objects = OfPartyQuerySet["Address"].as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self) -> str:
        return ", ".join(part for part in (self.street, self.city, self.region, self.postal_code, self.country) if part)


class ContactPointQuerySet(OfPartyQuerySet["ContactPoint"]):
    """Ways to reach people, by what they may be used for."""

    def with_agreed(self) -> "ContactPointQuerySet":
        """With the purposes their owner agreed to and has not taken back, as ``agreed_to``."""
        of_it = {"party": OuterRef("party"), "value": OuterRef("value")}
        later = Consent.objects.filter(**of_it, channel=OuterRef("channel"), purpose=OuterRef("purpose"), pk__gt=OuterRef("pk"))
        said = Consent.objects.filter(~Exists(later), **of_it, channel=OuterRef("kind"), given=True).order_by("purpose")
        return self.annotate(agreed_to=ArraySubquery(said.values("purpose")))

    def consenting(self, purpose: str) -> "ContactPointQuerySet":
        """Those whose owner agreed to a purpose, and has not taken it back."""
        said = Consent.objects.filter(party=OuterRef("party"), channel=OuterRef("kind"), value=OuterRef("value"), purpose=purpose)
        return self.annotate(agreed=Subquery(said.order_by("-pk").values("given")[:1])).filter(agreed=True)


class ContactPoint(Tracked):
    """One way to reach a party."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        MOBILE = "mobile", _("Mobile")
        WEB = "web", _("Web site")

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    value = models.CharField(_("value"), max_length=200)
    label = models.CharField(_("label"), max_length=60, blank=True)
    is_primary = models.BooleanField(_("main"), default=False)

    objects = ContactPointQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("contact point")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "kind", "value"], name="each_contact_point_once"),
            models.UniqueConstraint(fields=["party", "kind"], condition=Q(is_primary=True), name="one_main_contact_point_per_kind"),
        ]

    def __str__(self) -> str:
        return self.value


class Purpose(models.TextChoices):
    """What a way to reach somebody may be used for beyond doing business with them."""

    OFFERS = "offers", _("Offers and news")
    SURVEYS = "surveys", _("Surveys")
    PROFILE = "profile", _("Suggestions from what they did")
    PARTNERS = "partners", _("Passing on to partners")


class ConsentQuerySet(OfPartyQuerySet["Consent"]):
    """Consents as they stand."""

    def standing(self) -> "ConsentQuerySet":
        """The last word on each way to be reached and each purpose."""
        each = ("party", "channel", "value", "purpose")
        return self.filter(pk__in=self.order_by(*each, "-pk").distinct(*each).values("pk"))


class Consent(models.Model):
    """Somebody agreed, or no longer agrees, that one way to reach them is used for one purpose. Never changed: the last word counts.

    ``words`` are what they agreed to, as they read it; ``address`` is the IP address a form was sent from: together the proof.
    """

    class How(models.TextChoices):
        FORM = "form", _("Form")
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("On the phone")
        IN_PERSON = "in_person", _("In person")
        PAPER = "paper", _("On paper")
        IMPORT = "import", _("Brought along from elsewhere")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="consents", verbose_name=_("who"))
    channel = models.CharField(_("reached by"), max_length=8, choices=ContactPoint.Kind)
    value = models.CharField(_("value"), max_length=200)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    given = models.BooleanField(_("agreed"))
    how = models.CharField(_("how they said so"), max_length=10, choices=How)
    words = models.TextField(_("what they agreed to"), blank=True)
    address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(_("when"), default=clock.now, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        default_permissions = ("view",)
        permissions: ClassVar = [("record_consent", "Can note what somebody agrees to")]
        indexes: ClassVar = [models.Index(fields=["party", "channel", "value", "purpose", "-id"], name="consent_last_word")]
        constraints: ClassVar = [
            models.CheckConstraint(name="a_consent_shows_what_was_agreed_to", condition=Q(given=False) | ~Q(words="")),
        ]
        triggers: ClassVar = ERASABLE

    def __str__(self) -> str:
        return f"{self.value}: {self.get_purpose_display()}"


class Contact(Tracked):
    """A person who speaks for a company."""

    company = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="contacts")
    person = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="speaks_for")
    job_title = models.CharField(_("job title"), max_length=120, blank=True)

    objects = OfPartyQuerySet["Contact"].as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("contact")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "person"], name="a_person_speaks_for_a_company_once"),
            models.CheckConstraint(name="nobody_is_their_own_contact", condition=~Q(company=models.F("person"))),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.company})"
