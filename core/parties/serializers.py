"""Parties as the API reads and takes them."""

from typing import Any

from rest_framework import serializers

from core.parties.models import Address, BankAccount, Company, Consent, Contact, ContactPoint, Party, PartyRole, Purpose
from core.people.models import User


class AddressSerializer(serializers.ModelSerializer[Address]):
    """Where a party is."""

    class Meta:
        model = Address
        fields = ("id", "kind", "street", "city", "region", "postal_code", "country")


class ContactPointSerializer(serializers.ModelSerializer[ContactPoint]):
    """How a party is reached."""

    class Meta:
        model = ContactPoint
        fields = ("id", "kind", "value", "label", "is_primary")


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """Who speaks for a company."""

    name = serializers.CharField(source="person.name")

    class Meta:
        model = Contact
        fields = ("id", "person", "name", "job_title")


class PartySerializer(serializers.ModelSerializer[Party]):
    """A party with its addresses and ways to reach it."""

    roles = serializers.SlugRelatedField[PartyRole](slug_field="role", many=True, read_only=True)
    addresses = AddressSerializer(many=True, read_only=True)
    contact_points = ContactPointSerializer(many=True, read_only=True)
    contacts = ContactSerializer(many=True, read_only=True)

    class Meta:
        model = Party
        fields = (
            "id", "kind", "code", "name", "legal_name", "tax_id", "tax_id_country", "language", "time_zone", "industry", "owner",
            "is_active", "roles", "addresses", "contact_points", "contacts", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class UpdatePartySerializer(serializers.Serializer[Any]):
    """What may be corrected about a party."""

    code = serializers.CharField(max_length=32, required=False, allow_blank=True)
    name = serializers.CharField(max_length=160, required=False)
    legal_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    tax_id = serializers.CharField(max_length=32, required=False, allow_blank=True)
    tax_id_country = serializers.CharField(max_length=2, required=False, allow_blank=True)
    language = serializers.CharField(max_length=8, required=False)
    time_zone = serializers.CharField(max_length=64, required=False)
    industry = serializers.CharField(max_length=80, required=False, allow_blank=True)
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True), required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False)


class CreatePartySerializer(UpdatePartySerializer):
    """A new party, with what it is to us and how it is reached."""

    name = serializers.CharField(max_length=160)
    kind = serializers.ChoiceField(choices=Party.Kind.choices, default=Party.Kind.COMPANY)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=PartyRole.Role.choices), default=list)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)


class AddContactSerializer(serializers.Serializer[Any]):
    """A person who speaks for the company."""

    name = serializers.CharField(max_length=160)
    job_title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)


class GiveRoleSerializer(serializers.Serializer[Any]):
    """One more thing the party is to us."""

    role = serializers.ChoiceField(choices=PartyRole.Role.choices)


class ConsentSerializer(serializers.ModelSerializer[Consent]):
    """What somebody agreed to, or no longer agrees to, with its proof."""

    class Meta:
        model = Consent
        fields = ("id", "party", "channel", "value", "purpose", "given", "how", "words", "address", "recorded_by", "recorded_at")
        read_only_fields = fields


class RecordConsentSerializer(serializers.Serializer[Any]):
    """What somebody agrees to, or no longer does; ``words`` are what they read, ``address`` where a form was sent from."""

    channel = serializers.ChoiceField(choices=ContactPoint.Kind.choices)
    value = serializers.CharField(max_length=200)
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    given = serializers.BooleanField()
    how = serializers.ChoiceField(choices=Consent.How.choices)
    words = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    address = serializers.IPAddressField(required=False, allow_null=True)


class BankAccountSerializer(serializers.ModelSerializer[BankAccount]):
    """Where a party wants to be paid; ``retired_at`` is empty while money may go there."""

    class Meta:
        model = BankAccount
        fields = ("id", "party", "holder", "bank", "number", "currency", "set_by", "approved_by", "retired_at", "version", "updated_at")
        read_only_fields = fields


class ChangeBankAccountSerializer(serializers.Serializer[Any]):
    """What a bank account is from now on; what is not sent stays. An IBAN is checked by its own digits."""

    holder = serializers.CharField(max_length=160, required=False)
    bank = serializers.CharField(max_length=120, required=False)
    number = serializers.CharField(max_length=40, required=False)
    currency = serializers.CharField(min_length=3, max_length=3, required=False)


class AddBankAccountSerializer(ChangeBankAccountSerializer):
    """A bank account of a party."""

    party = serializers.PrimaryKeyRelatedField(queryset=Party.objects.all())
    holder = serializers.CharField(max_length=160)
    bank = serializers.CharField(max_length=120)
    number = serializers.CharField(max_length=40)
    currency = serializers.CharField(min_length=3, max_length=3)


class CompanySerializer(serializers.ModelSerializer[Company]):
    """Our own company, and how it stands on its papers."""

    name = serializers.CharField(source="party.name")
    legal_name = serializers.CharField(source="party.legal_name")
    tax_id = serializers.CharField(source="party.tax_id")
    addresses = AddressSerializer(source="party.addresses", many=True, read_only=True)
    contact_points = ContactPointSerializer(source="party.contact_points", many=True, read_only=True)
    has_logo = serializers.SerializerMethodField()

    class Meta:
        model = Company
        fields = (
            "id", "party", "name", "legal_name", "tax_id", "currency", "country", "fiscal_year_start_month", "time_zone", "addresses",
            "contact_points", "has_logo", "bank_details", "document_terms", "document_footer", "version", "updated_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_has_logo(self, company: Company) -> bool:
        """Whether papers carry a logo."""
        return bool(company.logo)


class UpdateCompanySerializer(serializers.Serializer[Any]):
    """How the company stands on its papers; everything is set, what is left out becomes empty."""

    name = serializers.CharField(max_length=160)
    legal_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    tax_id = serializers.CharField(max_length=32, required=False, allow_blank=True)
    tax_id_country = serializers.CharField(max_length=2, required=False, allow_blank=True)
    street = serializers.CharField(max_length=200, required=False, allow_blank=True)
    city = serializers.CharField(max_length=100, required=False, allow_blank=True)
    region = serializers.CharField(max_length=100, required=False, allow_blank=True)
    postal_code = serializers.CharField(max_length=16, required=False, allow_blank=True)
    country = serializers.CharField(max_length=60, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    web = serializers.CharField(max_length=200, required=False, allow_blank=True)
    bank_details = serializers.CharField(max_length=1000, default="", allow_blank=True)
    document_terms = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    document_footer = serializers.CharField(max_length=300, required=False, allow_blank=True)


class SetLogoSerializer(serializers.Serializer[Any]):
    """The logo, sent as ``multipart/form-data``."""

    logo = serializers.FileField()
