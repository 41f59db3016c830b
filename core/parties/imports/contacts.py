"""The people who speak for companies, from files."""

from dataclasses import replace

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.imports.columns import EMAIL, JOB_TITLE, PERSON_NAME, PHONE
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import Facts
from core.imports.notation import record, up_to
from core.parties.imports.columns import CUSTOMER, party_named
from core.parties.models import Contact
from core.parties.operations import add_contact, remove_contact, set_main_point, update_contact
from core.people.models import User


def find_contact(facts: Facts) -> Contact | None:
    """The contact of a company with this name."""
    found = Contact.objects.filter(company=facts["company"], person__name__iexact=facts["name"]).select_related("person", "company")
    return found.order_by("pk").first()


def create_contact(facts: Facts, by: User) -> Model:
    """A new person who speaks for a company."""
    facts = dict(facts)
    return add_contact(facts.pop("company"), by=by, **facts)


def change_contact(contact: Contact, facts: Facts, by: User) -> Contact:
    """What a row says about a person we know."""
    if "job_title" in facts:
        update_contact(contact, job_title=facts["job_title"], by=by)
    for point in ("email", "phone"):
        if point in facts:
            set_main_point(contact.person, point, facts[point], by=by)
    return contact


def contact_cells(contact: Contact) -> dict[str, str]:
    """A contact as a row of a file."""
    points = {point.kind: point.value for point in contact.person.contact_points.all() if point.is_primary}
    return {"name": contact.person.name, "job_title": contact.job_title, "email": points.get("email", ""), "phone": points.get("phone", "")}


provide(
    ImportKind(
        "parties.contact",
        _("Contacts"),
        Contact,
        permission="parties.update_party",
        columns=(
            replace(
                CUSTOMER.also("customer", "account", "company name", "company code"),
                field="company",
                name=_("Company"),
                parse=record(party_named, _("company")),
                example="PT Fajar Teknologi",
            ),
            PERSON_NAME.also("contact", "contact name", "nama kontak", "kontak", "person", "pic"),
            JOB_TITLE.also("role"),
            EMAIL,
            replace(PHONE, parse=up_to(200)),
        ),
        keys=("company", "name"),
        together=True,
        find=find_contact,
        create=create_contact,
        update=change_contact,
        cells=contact_cells,
        remove=lambda contact, by: remove_contact(contact, by=by),
        lists=("parties:parties",),
        icon="contact-round",
        hint=_("People who speak for companies you know already."),
    )
)
