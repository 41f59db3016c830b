"""Leads and deals, from files."""

from django.utils.translation import gettext_lazy as _

from core.imports.columns import EMAIL, JOB_TITLE, NOTE, OWNER, PERSON_NAME, PHONE
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import cell_of, choice, day, not_negative, record, up_to
from core.money import ZERO
from core.parties.imports import party_named
from core.people.models import User
from frontoffice.crm.models import Deal, Lead, Stage
from frontoffice.crm.operations import create_lead, move_deal, open_deal, remove_deal, remove_lead, update_deal, update_lead


def find_lead(facts: Facts) -> Lead | None:
    """An open lead with this e-mail address, else with this name at this company."""
    leads = Lead.objects.open().order_by("pk")
    if facts.get("email"):
        return leads.filter(email__iexact=facts["email"]).first()
    return leads.filter(name__iexact=facts["name"], company_name__iexact=facts.get("company_name", "")).first()


def lead_cells(lead: Lead) -> dict[str, str]:
    """A lead as a row of a file."""
    plain = ("name", "company_name", "job_title", "email", "phone", "source", "note")
    return {**{name: cell_of(getattr(lead, name)) for name in plain}, "owner": lead.owner.email if lead.owner else ""}


provide(
    ImportKind(
        "crm.lead",
        _("Leads"),
        Lead,
        permission="crm.create_lead",
        change_permission="crm.update_lead",
        columns=(
            PERSON_NAME.also("contact", "contact name", "lead", "lead name", "nama kontak"),
            Column(
                "company_name",
                _("Company"),
                up_to(160),
                synonyms=("organization", "organisation", "account", "perusahaan", "nama perusahaan"),
                example="PT Cahaya Abadi",
            ),
            JOB_TITLE,
            EMAIL,
            PHONE,
            Column(
                "source",
                _("Source"),
                choice(
                    Lead.Source.choices,
                    website="web",
                    situs="web",
                    referensi="referral",
                    pameran="event",
                    kampanye="campaign",
                    telepon="call",
                    lainnya="other",
                ),
                default=Lead.Source.OTHER,
                synonyms=("lead source", "sumber", "asal", "channel"),
                example="event",
                choices=Lead.Source.choices,
            ),
            OWNER,
            NOTE.also("description"),
        ),
        keys=("email", "name"),
        find=find_lead,
        create=lambda facts, by: create_lead(by=by, **facts),
        update=lambda lead, facts, by: update_lead(lead, by=by, **facts),
        cells=lead_cells,
        remove=lambda lead, by: remove_lead(lead, by=by),
        lists=("crm:leads",),
        icon="sparkles",
        hint=_("People who might want to buy: from a fair, a list, another system."),
        examples=({"name": "Rudi Hartono", "company_name": "CV Laju", "email": "rudi@laju.example", "source": "web"},),
    )
)


def stage_called(cell: str) -> Stage | None:
    """A stage of the pipeline by its name."""
    return Stage.objects.filter(name__iexact=cell).order_by("pipeline", "position").first()


def find_deal(facts: Facts) -> Deal | None:
    """An open deal of this name with this customer."""
    return Deal.objects.open().filter(name__iexact=facts["name"], party=facts.get("party")).order_by("pk").first()


def change_deal(deal: Deal, facts: Facts, by: User) -> Deal:
    """What a row says about a deal we have."""
    facts = dict(facts)
    stage = facts.pop("stage", None)
    deal = update_deal(deal, by=by, **facts)
    return move_deal(deal, stage, by=by) if stage is not None else deal


def deal_cells(deal: Deal) -> dict[str, str]:
    """A deal as a row of a file."""
    plain = {name: cell_of(getattr(deal, name)) for name in ("name", "estimate", "expected_close_date", "note")}
    return {**plain, "owner": deal.owner.email if deal.owner else "", "stage": deal.stage.name}


provide(
    ImportKind(
        "crm.deal",
        _("Deals"),
        Deal,
        permission="crm.open_deal",
        change_permission="crm.update_deal",
        columns=(
            Column(
                "name",
                _("Name"),
                up_to(160),
                required=True,
                synonyms=("deal", "deal name", "opportunity", "opportunity name", "title", "nama", "peluang", "nama peluang"),
                example="30 meja untuk kantor baru",
            ),
            Column(
                "party",
                _("Customer"),
                record(party_named, _("customer")),
                default=None,
                synonyms=("company", "account", "account name", "pelanggan", "perusahaan", "kode pelanggan"),
                example="PT Fajar Teknologi",
                help=_("Its code, or its name when only one has it."),
            ),
            Column(
                "estimate",
                _("Estimate"),
                not_negative,
                default=ZERO,
                synonyms=("amount", "value", "deal value", "nilai", "jumlah", "perkiraan"),
                example="75000000",
            ),
            Column(
                "stage",
                _("Stage"),
                record(stage_called, _("stage")),
                default=None,
                synonyms=("tahap", "pipeline stage", "phase"),
                example="Qualified",
            ),
            Column(
                "expected_close_date",
                _("Expected to close"),
                day,
                default=None,
                synonyms=("close date", "closing date", "tanggal tutup", "perkiraan tutup", "target"),
                example="31/01/2027",
            ),
            OWNER,
            NOTE.also("description"),
        ),
        keys=("name", "party"),
        together=True,
        find=find_deal,
        create=lambda facts, by: open_deal(by=by, **facts),
        update=change_deal,
        cells=deal_cells,
        remove=lambda deal, by: remove_deal(deal, by=by),
        lists=("crm:deals",),
        icon="handshake",
        hint=_("Sales that are worked for, with customer, value and stage."),
    )
)
