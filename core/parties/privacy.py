"""What parties say of persons: nearly everything, where the party is one."""

from core.guards import ERASED
from core.parties.events import ContactAdded, PartyCreated, PartyUpdated
from core.parties.models import Address, BankAccount, Consent, Contact, ContactPoint, Party
from core.privacy.erasing import anonymous
from core.privacy.registry import Personal, Told

PERSONAL = (
    Personal(
        Party,
        rows=lambda whom: Party.objects.filter(pk=whom.party_id),
        wipe={"name": anonymous("Erased person"), "legal_name": "", "code": "", "tax_id": "", "tax_id_country": "", "industry": ""},
    ),
    Personal(ContactPoint, rows=lambda whom: ContactPoint.objects.filter(party=whom.party_id), remove=True),
    Personal(BankAccount, rows=lambda whom: BankAccount.objects.filter(party=whom.party_id), remove=True),
    Personal(
        Address,
        rows=lambda whom: Address.objects.filter(party=whom.party_id, party__kind=Party.Kind.PERSON),
        wipe={
            "street": ERASED,
            "city": ERASED,
            "region": "",
            "postal_code": "",
        },
        keep={"country": "which taxes were owed"},
    ),
    Personal(Contact, rows=lambda whom: Contact.objects.filter(person=whom.party_id), wipe={"job_title": ""}),
    Personal(
        Consent,
        rows=lambda whom: Consent.objects.filter(party=whom.party_id),
        wipe={"value": ERASED, "words": ERASED, "address": None},
    ),
)
TOLD = (
    Told(PartyCreated, "party_id", Party, ("name",)),
    Told(PartyUpdated, "party_id", Party, ("name",)),
    Told(ContactAdded, "person_id", Party, ("name", "job_title")),
)
NOT_PERSONAL = {
    "parties.Party": "language time_zone",
    "parties.ContactPoint": "",
    "parties.Company": "currency country time_zone logo bank_details document_terms document_footer",
    "parties.PartyCreated": "roles",
    "parties.ConsentGiven": "channel purpose how",
    "parties.ConsentWithdrawn": "channel purpose how",
}
