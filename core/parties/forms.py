"""What is typed about parties."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.parties.models import Address, Consent, ContactPoint, Party, PartyRole, Purpose
from core.people.models import User

ROLES = [(PartyRole.Role.CUSTOMER, _("Customer")), (PartyRole.Role.SUPPLIER, _("Supplier")), (PartyRole.Role.SHIPPER, _("Shipper"))]


class PartyFacts(forms.Form):
    """What a party is called and how it is known to the tax office."""

    name = forms.CharField(label=_("Name"), max_length=160)
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False)
    industry = forms.CharField(label=_("Industry"), max_length=80, required=False)
    tax_id = forms.CharField(label=_("Tax number"), max_length=32, required=False)
    tax_id_country = forms.CharField(
        label=_("Country of the tax number"), max_length=2, required=False, help_text=_("Two letters, such as ID.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("id", "Bahasa Indonesia"), ("en", "English")])
    time_zone = forms.CharField(label=_("Time zone"), max_length=64, initial="Asia/Jakarta")
    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True, kind=User.Kind.HUMAN).order_by("name"),
        label=_("Owner"),
        required=False,
        empty_label=_("Nobody yet"),
    )


class NewPartyForm(PartyFacts):
    """A new party, with what it is to us and how to reach it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Party.Kind.choices)
    roles = forms.MultipleChoiceField(label=_("What they are to us"), choices=ROLES, required=False, widget=forms.CheckboxSelectMultiple)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)

    field_order = ("kind", "name", "legal_name", "roles", "email", "phone", "industry", "owner")


class PartyForm(PartyFacts):
    """What may be corrected about a party."""

    is_active = forms.BooleanField(label=_("We still deal with them"), required=False)


class AddressForm(forms.Form):
    """A new address."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Address.Kind.choices)
    street = forms.CharField(label=_("Street"), max_length=200)
    city = forms.CharField(label=_("City"), max_length=100)
    region = forms.CharField(label=_("Region"), max_length=100, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=16, required=False)
    country = forms.CharField(label=_("Country"), max_length=60, initial="Indonesia")


class ContactForm(forms.Form):
    """A new person who speaks for a company."""

    name = forms.CharField(label=_("Name"), max_length=160)
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)


class ContactPointForm(forms.Form):
    """A new way to reach a party."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContactPoint.Kind.choices)
    value = forms.CharField(label=_("Number or address"), max_length=200)
    label = forms.CharField(label=_("Remark"), max_length=60, required=False)
    is_primary = forms.BooleanField(label=_("The main one"), required=False)


class BankAccountForm(forms.Form):
    """Where a party wants to be paid."""

    holder = forms.CharField(label=_("Holder"), max_length=160)
    bank = forms.CharField(label=_("Bank"), max_length=120)
    number = forms.CharField(label=_("Account number or IBAN"), max_length=40)
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3, help_text=_("Three letters, such as IDR."))


class ConsentForm(forms.Form):
    """What somebody agrees to, or no longer does."""

    channel = forms.ChoiceField(label=_("Reached by"), choices=ContactPoint.Kind.choices)
    value = forms.CharField(label=_("Number or address"), max_length=200)
    purpose = forms.ChoiceField(label=_("For what"), choices=Purpose.choices)
    given = forms.TypedChoiceField(
        label=_("What they said"), choices=[("yes", _("They agree")), ("no", _("They no longer agree"))], coerce=lambda said: said == "yes"
    )
    how = forms.ChoiceField(label=_("How they said so"), choices=Consent.How.choices)
    words = forms.CharField(
        label=_("What they agreed to"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The words they read or heard, as proof."),
    )


class RoleForm(forms.Form):
    """One more thing a party is to us."""

    role = forms.ChoiceField(label=_("What they are to us"), choices=ROLES)


class CompanyForm(forms.Form):
    """How our company stands on its papers."""

    name = forms.CharField(label=_("Name"), max_length=160)
    legal_name = forms.CharField(
        label=_("Legal name"), max_length=200, required=False, help_text=_("Stands on papers instead of the name, when given.")
    )
    tax_id = forms.CharField(label=_("Tax number"), max_length=32, required=False)
    tax_id_country = forms.CharField(
        label=_("Country of the tax number"), max_length=2, required=False, help_text=_("Two letters, such as ID.")
    )
    street = forms.CharField(label=_("Street"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    region = forms.CharField(label=_("Region"), max_length=100, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=16, required=False)
    country = forms.CharField(label=_("Country"), max_length=60, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    web = forms.CharField(label=_("Web site"), max_length=200, required=False)
    bank_details = forms.CharField(
        label=_("Bank details"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("As customers need them to pay you: bank, account, holder."),
    )
    document_terms = forms.CharField(
        label=_("Terms"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Stand at the end of quotations, order confirmations and invoices."),
    )
    document_footer = forms.CharField(
        label=_("Footer"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands at the foot of every page you print or send."),
    )


class LogoForm(forms.Form):
    """The picture at the head of every paper."""

    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG or JPEG, at most 2 MB. A wide one with a clear background looks best."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
