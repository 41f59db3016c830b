"""Leads, from the first note to a deal."""

from decimal import Decimal

import pytest

from core.errors import IllegalMove
from core.parties.events import PartyCreated
from core.parties.models import Party
from core.parties.operations import add_contact, create_party, update_party
from frontoffice.crm.events import DealOpened, LeadConverted, LeadCreated, LeadLost, LeadReopened
from frontoffice.crm.models import Activity, Deal, Lead
from frontoffice.crm.operations import (
    convert_lead,
    create_lead,
    give_back_lead,
    log_activity,
    lose_lead,
    reopen_lead,
    take_lead,
    update_lead,
)
from frontoffice.crm.operations.leads import LeadDecided, LeadWithoutName, WhyLost
from frontoffice.crm.operations.pipelines import NoPipeline
from tests.factories.crm import make_lead, make_pipeline


@pytest.fixture
def stages(company):
    """The standard pipeline."""
    return make_pipeline()


def test_a_lead_is_noted(by, told):
    lead = create_lead(name=" Bagus Prakoso ", company_name="PT Cakra Media", source="web", owner=by, by=by)
    assert (lead.name, lead.status, str(lead)) == ("Bagus Prakoso", "new", "Bagus Prakoso (PT Cakra Media)")
    assert told() == [LeadCreated(lead_id=lead.pk, name="Bagus Prakoso", company_name="PT Cakra Media", owner_id=by.pk)]


def test_a_lead_needs_a_name(by, told):
    with pytest.raises(LeadWithoutName, match="A lead needs a name"):
        create_lead(name="  ", by=by)
    assert not Lead.objects.exists()
    assert told() == []


def test_taking_a_lead_makes_it_ones_own(by):
    lead = take_lead(make_lead(), by=by)
    assert (lead.status, lead.owner) == ("working", by)
    with pytest.raises(IllegalMove, match="is working and cannot become working"):
        take_lead(lead, by=by)


def test_a_lead_can_be_corrected_until_it_is_decided(by):
    lead = update_lead(make_lead(), phone="+62 811 1234", note="Call in the morning", by=by)
    assert (lead.phone, lead.note) == ("+62 811 1234", "Call in the morning")
    lose_lead(lead, reason="Wrong number", by=by)
    with pytest.raises(LeadDecided, match="is lost already"):
        update_lead(lead, phone="0", by=by)
    lead.refresh_from_db()
    assert lead.phone == "+62 811 1234"


def test_converting_makes_the_company_its_contact_and_a_deal(stages, by, told):
    lead = make_lead(job_title="Buyer", phone="+62 811 1234", owner=by, note="Needs 20 desks")
    deal = convert_lead(lead, estimate=Decimal(95_000_000), by=by)

    lead.refresh_from_db()
    party = Party.objects.get(name="PT Cakra Media")
    assert (lead.status, lead.party, lead.deal) == ("converted", party, deal)
    assert (party.kind, party.owner) == ("company", by)
    assert (deal.name, deal.party, deal.stage, deal.owner, deal.note) == ("PT Cakra Media", party, stages[0], by, "Needs 20 desks")
    assert (deal.amount, deal.currency) == (Decimal(95_000_000), "IDR")
    assert (deal.contact.person.name, deal.contact.job_title) == ("Bagus Prakoso", "Buyer")
    assert sorted(point.value for point in deal.contact.person.contact_points.all()) == ["+62 811 1234", "bagus@cakra.example"]
    assert told()[-2:] == [
        DealOpened(deal_id=deal.pk, name="PT Cakra Media", party_id=party.pk, amount=Decimal("95000000.00"), currency="IDR"),
        LeadConverted(lead_id=lead.pk, name="Bagus Prakoso (PT Cakra Media)", deal_id=deal.pk, party_id=party.pk),
    ]
    assert not Party.objects.customers().exists()


def test_converting_reuses_the_company_and_the_person_we_know(stages, by, told):
    company = create_party(name="pt cakra media", by=by)
    contact = add_contact(company, name="Bagus Prakoso", by=by)
    deal = convert_lead(make_lead(), by=by)
    assert (deal.party, deal.contact) == (company, contact)
    assert len(told(PartyCreated)) == 1


def test_a_company_we_left_is_not_reused(stages, by):
    left = update_party(create_party(name="PT Cakra Media", by=by), is_active=False, by=by)
    assert convert_lead(make_lead(), by=by).party != left


def test_converting_to_a_party_one_chose(stages, by):
    company = create_party(name="PT Cakra Grup", by=by)
    deal = convert_lead(make_lead(), party=company, deal_name="Desks", by=by)
    assert (deal.party, deal.name) == (company, "Desks")


def test_a_person_without_a_company_becomes_a_party(stages, by):
    deal = convert_lead(make_lead(company_name=""), by=by)
    assert (deal.party.kind, deal.party.name, deal.contact, deal.name) == ("person", "Bagus Prakoso", None, "Bagus Prakoso")
    again = convert_lead(make_lead(name="Bagus P.", company_name="", email="BAGUS@cakra.example"), by=by)
    assert again.party == deal.party


def test_what_was_done_about_a_lead_goes_with_it(stages, by):
    lead = make_lead()
    call = log_activity(lead, kind="call", subject="First call", by=by)
    deal = convert_lead(lead, by=by)
    call.refresh_from_db()
    assert (call.deal, call.party, call.lead) == (deal, deal.party, lead)
    assert Activity.objects.count() == 1


def test_a_lead_is_converted_once(stages, by, told):
    lead = make_lead()
    convert_lead(lead, by=by)
    with pytest.raises(LeadDecided, match="is converted already"):
        convert_lead(lead, by=by)
    assert Deal.objects.count() == 1
    assert len(told(LeadConverted)) == 1


def test_a_lead_that_cannot_become_a_deal_stays_as_it_is(company, by, told):
    lead = make_lead()
    with pytest.raises(NoPipeline):
        convert_lead(lead, by=by)
    lead.refresh_from_db()
    assert (lead.status, Party.objects.filter(name="PT Cakra Media").count()) == ("new", 0)
    assert told(PartyCreated) == []


def test_a_lead_is_given_up_with_a_reason(by, told):
    lead = make_lead()
    with pytest.raises(WhyLost):
        lose_lead(lead, reason=" ", by=by)
    lead = lose_lead(lead, reason="No budget this year", by=by)
    assert (lead.status, lead.lost_because) == ("lost", "No budget this year")
    assert told(LeadLost) == [LeadLost(lead_id=lead.pk, name=str(lead), reason="No budget this year")]


def test_a_lost_lead_is_worked_on_again(by, told):
    lead = lose_lead(make_lead(owner=by), reason="No budget this year", by=by)
    with pytest.raises(LeadDecided, match="is lost already"):
        take_lead(lead, by=by)
    lead = reopen_lead(lead, by=by)
    assert (lead.status, lead.lost_because, lead.owner) == ("working", "", by)
    assert told(LeadReopened) == [LeadReopened(lead_id=lead.pk, name=str(lead))]
    with pytest.raises(IllegalMove, match="is working and cannot become working"):
        reopen_lead(lead, by=by)


def test_a_taken_lead_is_given_back(by, seller):
    lead = give_back_lead(take_lead(make_lead(owner=seller), by=by), owner=seller, by=by)
    assert (lead.status, lead.owner) == ("new", seller)
    lead = give_back_lead(take_lead(lead, by=by), by=by)
    assert (lead.status, lead.owner) == ("new", None)


def test_leads_by_where_they_stand(by):
    new, _lost = make_lead(), lose_lead(make_lead(name="Wati"), reason="Spam", by=by)
    assert list(Lead.objects.open()) == [new]
    assert list(Lead.objects.unowned()) == [new]
    assert not Lead.objects.filter(pk=take_lead(new, by=by).pk).unowned()


def test_whoever_may_not_see_leads_sees_their_own(by, storekeeper):
    own = make_lead(owner=storekeeper)
    make_lead(name="Wati")
    assert Lead.objects.visible_to(by).count() == 2
    assert list(Lead.objects.visible_to(storekeeper)) == [own]
