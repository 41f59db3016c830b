"""The papers of every module, through the whole house: in the customer's language, with the record's own figures."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from pypdf import PdfReader
from rest_framework.test import APIClient

from backoffice.finance.documents import statement_of
from backoffice.finance.models import Invoice
from backoffice.finance.operations import credit_invoice, register_payment
from backoffice.inventory.models import DeliveryOrder
from backoffice.inventory.operations import deliver, pick_delivery
from core import clock
from core.effects.models import Effect
from core.errors import Gone
from core.files.models import Attachment
from core.parties.company import BadLogo, pixels, remove_logo, set_logo
from core.parties.models import Company, Party
from core.parties.operations import add_address, add_contact_point
from core.people.models import User
from core.people.roles import Role
from core.printing.documents import find, printout
from core.printing.operations import NoAddress, OnlyADraft, send_document
from core.printing.paper import Paper
from frontoffice.sales.models import Order
from frontoffice.sales.operations import NewLine, cancel_order, confirm_order
from integration import delivery
from integration.customer360.timeline import timeline
from integration.demo.letterhead import draw_logo, dress_company
from integration.effects import send_effects
from tests.factories.crm import make_deal
from tests.factories.finance import make_books, make_invoice
from tests.factories.ground import make_company, make_customer, make_product, make_user
from tests.factories.house import make_house, make_stocked
from tests.factories.sales import make_order
from tests.signing import confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Company:
    make_house()
    return dress_company(by=User.objects.service())


@pytest.fixture
def accountant(house: Company) -> User:
    return make_user(Role.ACCOUNTANT)


def plain(words: object) -> object:
    """Without the difference between one kind of space and another."""
    if isinstance(words, (tuple, list)):
        return [plain(one) for one in words]
    return str(words).replace("\N{NO-BREAK SPACE}", " ")


def paper(record: Model, slug: str, **options: object) -> Paper:
    document = find(record._meta.label_lower, slug)
    assert document is not None
    return printout(document, record, **(options or document.options())).paper


def cells(told: Paper, table: int = 0) -> object:
    return [plain(row.cells) for row in told.tables[table].rows]


def sums(told: Paper) -> list[tuple[object, object]]:
    return [(plain(total.label), plain(total.amount)) for total in told.totals]


def a_customer(language: str = "en", email: str = "ap@fajar.example") -> Party:
    customer = make_customer(language=language, email=email)
    by = User.objects.service()
    add_address(customer, street="Jl. Asia Afrika 146", city="Bandung", postal_code="40261", country="Indonesia", by=by)
    add_address(customer, kind="shipping", street="Gudang C-7", city="Padalarang", country="Indonesia", by=by)
    return customer


def an_order(customer: Party) -> Order:
    lines = [
        NewLine(product_id=make_stocked("DESK-140").pk, quantity=Decimal(3), discount=Decimal("0.05")),
        NewLine(product_id=make_product("INSTALL").pk, quantity=Decimal("2.5")),
        NewLine(description="Freight", unit_price=Decimal(150_000)),
    ]
    ship_to = customer.addresses.get(kind="shipping")
    return make_order(customer, lines, order_date=clock.today(), shipping_address_id=ship_to.pk, owner_id=make_user().pk)


def an_invoice(customer: Party) -> Invoice:
    confirm_order(an_order(customer), by=User.objects.service())
    delivery.drain()
    goods = pick_delivery(DeliveryOrder.objects.get(), by=User.objects.service())
    deliver(goods, by=User.objects.service())
    delivery.drain()
    return Invoice.objects.get()


# -- What they say -----------------------------------------------------------------------------------------------------


def test_a_draft_order_is_a_quotation_with_its_exact_figures(house: Company) -> None:
    order = an_order(a_customer())
    told = paper(order, "quotation")
    assert (told.title, told.number, told.stamp, plain(told.headline)) == ("Quotation", order.number, "", "Rp 16.164.375")
    assert cells(told) == [
        ["Standing desk 140", "3 pcs", "Rp 4.750.000", "5 %", "Rp 13.537.500"],
        ["Installation on site", "2,5 h", "Rp 350.000", "", "Rp 875.000"],
        ["Freight", "1", "Rp 150.000", "", "Rp 150.000"],
    ]
    assert [row.note for row in told.tables[0].rows] == ["DESK-140", "INSTALL", ""]
    assert sums(told) == [("Net", "Rp 14.562.500"), ("Tax 11 % on Rp 14.562.500", "Rp 1.601.875"), ("Total", "Rp 16.164.375")]
    assert told.to.lines == ("Jl. Asia Afrika 146", "Bandung 40261", "Indonesia")
    assert told.ship is not None
    assert told.ship.lines[0] == "Gudang C-7"
    assert [fact.value for fact in told.facts][-1] == "Dewi Lestari"


def test_papers_speak_the_language_of_the_customer_whatever_the_reader_speaks(house: Company) -> None:
    told = paper(an_order(a_customer("id")), "quotation")
    assert [column.label for column in told.tables[0].columns] == ["Keterangan", "Jumlah", "Harga satuan", "Diskon", "Nilai"]
    assert told.title == "Penawaran"


def test_an_order_is_confirmed_once_it_is_and_a_draft_before(house: Company) -> None:
    order = an_order(a_customer())
    assert paper(order, "order-confirmation").stamp == "DRAFT"
    order = confirm_order(order, by=User.objects.service())
    told = paper(order, "order-confirmation")
    assert (told.title, told.stamp, plain(told.headline)) == ("Order confirmation", "", "Thank you for your order over Rp 16.164.375")
    quotation = find("sales.order", "quotation")
    assert quotation is not None
    assert quotation.when is not None
    assert not quotation.when(order)


def test_a_delivery_note_says_what_left_and_what_follows_and_no_price(house: Company) -> None:
    confirm_order(an_order(a_customer()), by=User.objects.service())
    delivery.drain()
    goods = DeliveryOrder.objects.get()
    assert paper(goods, "delivery-note").stamp == "DRAFT"
    goods = pick_delivery(goods, {goods.lines.get().pk: Decimal(2)}, by=User.objects.service())
    deliver(goods, by=User.objects.service())
    told = paper(DeliveryOrder.objects.get(pk=goods.pk), "delivery-note")
    assert told.stamp == ""
    assert [column.label for column in told.tables[0].columns] == ["Description", "Ordered", "Delivered", "To follow"]
    assert cells(told) == [["Standing desk 140", "3 pcs", "2 pcs", "1 pcs"]]
    assert told.totals == ()
    assert told.signatures == ("Handed over by, date", "Received in good order by, date")
    assert "Rp" not in str(told)


def test_an_invoice_shows_each_tax_and_what_is_left_to_pay(house: Company) -> None:
    customer = a_customer()
    bill = an_invoice(customer)
    told = paper(bill, "invoice")
    assert sums(told) == [("Net", "Rp 14.562.500"), ("PPN 11 % on Rp 14.562.500", "Rp 1.601.875"), ("Total", "Rp 16.164.375")]
    assert (told.with_bank_details, told.with_terms) == (True, True)
    register_payment(customer, Decimal(6_164_375), received_on=clock.today(), by=User.objects.service())
    bill.refresh_from_db()
    told = paper(bill, "invoice")
    assert sums(told)[-2:] == [("Already paid", "−Rp 6.164.375"), ("Amount due", "Rp 10.000.000")]
    assert str(plain(told.headline)).startswith("Rp 10.000.000 due ")
    register_payment(customer, Decimal(10_000_000), received_on=clock.today(), by=User.objects.service())
    bill.refresh_from_db()
    told = paper(bill, "invoice")
    assert (told.headline, told.with_bank_details) == ("Paid in full, thank you", False)


def test_a_credit_note_says_why(house: Company) -> None:
    note = credit_invoice(an_invoice(a_customer()), credit_on=clock.today(), reason="Damaged on the way", by=User.objects.service())
    told = paper(note, "credit-note")
    assert (told.title, plain(told.headline), told.headnote) == ("Credit note", "Rp 16.164.375 credited to you", "Damaged on the way")
    with pytest.raises(Gone):
        send_document(note, document="invoice", by=make_user(Role.ACCOUNTANT))


def test_a_statement_runs_a_balance_and_its_open_items_add_up_to_it(house: Company) -> None:
    customer = a_customer()
    bill = an_invoice(customer)
    register_payment(customer, Decimal(20_000_000), received_on=clock.today(), by=User.objects.service())
    told = statement_of(customer, start=bill.issued_on, end=clock.today())
    assert [(one.amount, one.open) for one in told.movements] == [
        (Decimal(16_164_375), Decimal(0)),
        (Decimal(-20_000_000), Decimal(-3_835_625)),
    ]
    assert told.closing == sum(one.open for one in told.open_items) == Decimal(-3_835_625)
    printed = paper(customer, "statement", start=bill.issued_on, end=clock.today())
    assert str(plain(printed.headline)).startswith("Rp 3.835.625 credit on ")
    assert [row[-1] for row in cells(printed)] == ["Rp 0", "Rp 16.164.375", "−Rp 3.835.625", "−Rp 3.835.625"]  # type: ignore[attr-defined]
    before = statement_of(customer, start=date(2020, 1, 1), end=date(2020, 1, 31))
    assert (before.opening, before.movements, before.closing, before.open_items) == (0, (), 0, ())


def test_a_deal_with_lines_is_quoted_without_tax(house: Company) -> None:
    deal = make_deal(a_customer(), [(make_product("DESK-140"), 2)])
    told = paper(deal, "quotation")
    assert sums(told) == [("Total without tax", "Rp 9.500.000")]
    assert told.number == f"Q-{deal.pk:05d}"


def test_dollars_are_written_as_dollars(db: None) -> None:
    make_company("USD")
    make_books()
    told = paper(make_invoice(make_customer(language="en"), "1234.5"), "invoice")
    assert [plain(row[-1]) for row in cells(told)] == ["US$1.234,50"]  # type: ignore[attr-defined]


# -- Who sees them -----------------------------------------------------------------------------------------------------


def test_the_preview_the_file_and_the_pictures_open_to_whoever_sees_the_record(client: Client, house: Company) -> None:
    order = an_order(a_customer())
    base = f"/sales/orders/{order.pk}/print/quotation/"
    client.force_login(make_user(Role.SALES))
    page = client.get(base)
    assert page.status_code == 200
    assert f'src="{base}page/?page=1"' in page.text
    assert f'href="{base}send/"' in page.text
    file = client.get(f"{base}pdf/")
    assert (file["Content-Type"], file["Content-Disposition"]) == (
        "application/pdf",
        f'inline; filename="Quotation-SO-{order.number[3:].replace("/", "-")}.pdf"',
    )
    assert order.number in PdfReader(BytesIO(file.content)).pages[0].extract_text()
    assert client.get(f"{base}pdf/?download=1")["Content-Disposition"].startswith("attachment;")
    assert client.get(f"{base}page/")["Content-Type"] == "image/png"
    assert client.get(f"{base}page/?page=2").status_code == 404
    assert client.get(f"/sales/orders/{order.pk}/print/invoice/").status_code == 404
    client.force_login(make_user(Role.HR))
    for tail in ("", "pdf/", "page/", "send/"):
        assert client.get(base + tail).status_code == 403
    client.force_login(make_user(Role.AUDITOR))
    assert client.get(base).status_code == 200
    assert "send/" not in client.get(base).text
    assert client.get(f"{base}send/").status_code == 403


def test_a_statement_needs_the_right_to_see_invoices(client: Client, house: Company) -> None:
    customer = a_customer()
    client.force_login(make_user(Role.STOREKEEPER))
    assert client.get(f"/parties/{customer.pk}/").status_code == 200
    assert client.get(f"/parties/{customer.pk}/print/statement/").status_code == 403
    client.force_login(make_user(Role.ACCOUNTANT))
    page = client.get(f"/parties/{customer.pk}/print/statement/?start=2026-01-01&end=2026-01-31")
    assert page.status_code == 200
    assert "page=1&amp;start=2026-01-01&amp;end=2026-01-31" in page.text


def test_the_api_gives_and_sends_the_same_papers(house: Company, accountant: User) -> None:
    bill = an_invoice(a_customer())
    api = APIClient()
    api.force_authenticate(accountant)
    file = api.get(f"/api/v1/invoices/{bill.pk}/invoice.pdf/")
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    assert bill.number in PdfReader(BytesIO(file.content)).pages[0].extract_text()
    assert api.get(f"/api/v1/invoices/{bill.pk}/credit-note.pdf/").status_code == 404
    assert api.get(f"/api/v1/parties/{bill.customer_id}/statement.pdf/?start=2026-01-01&end=2026-12-31").status_code == 200
    assert api.get(f"/api/v1/parties/{bill.customer_id}/statement.pdf/?start=2026-12-01&end=2026-01-31").status_code == 400
    sent = api.post(f"/api/v1/invoices/{bill.pk}/send-document/", {"document": "invoice", "key": "k1"}, format="json")
    assert (sent.status_code, sent.json()["status"], sent.json()["to"]) == (200, "pending", ["ap@fajar.example"])
    assert (
        api.post(f"/api/v1/invoices/{bill.pk}/send-document/", {"document": "invoice", "key": "k1"}, format="json").json()["id"]
        == sent.json()["id"]
    )
    api.force_authenticate(make_user(Role.AUDITOR))
    assert api.post(f"/api/v1/invoices/{bill.pk}/send-document/", {"document": "invoice"}, format="json").status_code == 403
    assert Effect.objects.count() == 1


# -- How they are sent ---------------------------------------------------------------------------------------------------


def test_an_invoice_is_sent_as_pdf_in_the_customers_words_and_stands_on_the_timeline(
    house: Company, accountant: User, mailoutbox: list
) -> None:
    bill = an_invoice(a_customer("id"))
    effect = send_document(bill, document="invoice", by=accountant)
    assert timeline("finance.invoice", bill.pk, None, accountant, 9)[0].title.startswith("E-mail to ap@fajar.example waits to leave")
    send_effects()
    [mail] = mailoutbox
    assert (mail.to, mail.reply_to) == (["ap@fajar.example"], ["siti@nusantara.example"])
    assert mail.subject == f"Faktur {bill.number} dari PT Nusantara Maju"
    assert "PT Fajar Teknologi" in mail.body
    assert mail.body.endswith("Siti Rahma\nPT Nusantara Maju")
    [(name, content, media_type)] = mail.attachments
    assert (name, media_type) == (f"Faktur-{bill.number.replace('/', '-')}.pdf", "application/pdf")
    assert bill.number in PdfReader(BytesIO(content)).pages[0].extract_text()
    told = [entry.title for entry in timeline("finance.invoice", bill.pk, None, accountant, 9) if "mail" in entry.icon]
    assert told == [f"E-mail to ap@fajar.example: Faktur {bill.number} dari PT Nusantara Maju"]
    assert any(
        "E-mail to ap@fajar.example" in str(entry.title) for entry in timeline("parties.party", bill.customer_id, None, accountant, 9)
    )
    assert Attachment.objects.get(kind="effects.effect", object_id=effect.pk).size > 1000


def test_the_dialog_asks_to_whom_and_sends_once_however_often_it_is_pressed(client: Client, house: Company) -> None:
    order = an_order(a_customer())
    add_contact_point(order.customer, kind="email", value="ceo@fajar.example", by=User.objects.service())
    seller = make_user(Role.SALES)
    client.force_login(seller)
    address = f"/sales/orders/{order.pk}/print/quotation/send/"
    page = client.get(address)
    assert page.status_code == 200
    assert 'value="ap@fajar.example"' in page.text
    assert "ceo@fajar.example" in page.text
    sent = {"to": "ap@fajar.example, ceo@fajar.example", "cc": "", "subject": "Our offer", "body": "Dear all", "key": "same"}
    for _press in range(2):
        answer = client.post(address, sent)
        assert (answer.status_code, answer["Location"]) == (302, f"/sales/orders/{order.pk}/")
    effect = Effect.objects.get()
    assert (effect.recipients, effect.subject, effect.requested_by) == (["ap@fajar.example", "ceo@fajar.example"], "Our offer", seller)
    wrong = client.post(address, sent | {"to": "nobody", "key": "other"})
    assert wrong.status_code == 422
    assert "Our offer" in wrong.text
    assert Effect.objects.count() == 1


def test_without_an_address_it_says_where_to_add_one(client: Client, house: Company) -> None:
    order = an_order(a_customer(email=""))
    with pytest.raises(NoAddress) as refused:
        send_document(order, document="quotation", by=make_user(Role.SALES))
    assert (refused.value.field, refused.value.link) == ("to", f"/parties/{order.customer_id}/")
    client.force_login(make_user(Role.SALES))
    answer = client.post(f"/sales/orders/{order.pk}/print/quotation/send/", {"subject": "x", "body": "y"})
    assert answer.status_code == 422
    assert "has no e-mail address" in answer.text
    assert f'href="/parties/{order.customer_id}/"' in answer.text
    assert Effect.objects.count() == 0


def test_a_draft_and_a_cancelled_order_are_not_sent(house: Company) -> None:
    seller = make_user(Role.SALES)
    order = an_order(a_customer())
    with pytest.raises(OnlyADraft):
        send_document(order, document="order-confirmation", by=seller)
    order = cancel_order(order, reason="Changed their mind", by=seller)
    with pytest.raises(Gone):
        send_document(order, document="quotation", by=seller)
    assert (Effect.objects.count(), Attachment.objects.filter(kind="effects.effect").count()) == (0, 0)


# -- The letterhead ------------------------------------------------------------------------------------------------------


def test_the_letterhead_is_kept_by_owner_and_it_and_seen_on_every_paper(client: Client, house: Company) -> None:
    confirmed(client, make_user(Role.IT))
    assert client.get("/parties/company/")["Location"] == f"/parties/company/{house.pk}/"
    facts = {
        "name": "PT Baru",
        "street": "Jl. Baru 1",
        "city": "Medan",
        "country": "Indonesia",
        "bank_details": "Bank Baru",
        "email": "a@baru.example",
    }
    answer = client.post(f"/parties/company/{house.pk}/edit/", facts)
    assert answer.status_code == 302
    house.refresh_from_db()
    assert house.bank_details != "Bank Baru"  # where money is paid to is for who sees it
    confirmed(client, make_user(Role.OWNER))
    assert client.post(f"/parties/company/{house.pk}/edit/", facts).status_code == 302
    words = PdfReader(BytesIO(client.get(f"/parties/company/{house.pk}/print/sample/pdf/").content)).pages[0].extract_text()
    for word in ("PT Baru", "Jl. Baru 1", "Medan", "Bank Baru", "a@baru.example"):
        assert word in words
    assert "+62 21 5150 8800" not in words
    client.force_login(make_user(Role.SALES))
    assert client.get(f"/parties/company/{house.pk}/").status_code == 200
    assert client.post(f"/parties/company/{house.pk}/edit/", facts).status_code == 403


def test_a_logo_is_a_picture_by_its_ending_and_its_bytes(house: Company) -> None:
    it = make_user(Role.IT)
    logo = draw_logo()
    assert pixels(logo) == (937, 189)
    for name, content in (
        ("logo.svg", b"<svg/>"),
        ("logo.png", b"<svg/>"),
        ("logo.jpg", logo),
        ("logo.png", b""),
        ("logo.png", logo[:12] + b"IHDR" + b"\x00\x01\x00\x00" * 2),
        ("logo.png", b"\x89PNG\r\n\x1a\n" + b"x" * 40),
    ):
        with pytest.raises(BadLogo):
            set_logo(house, logo=SimpleUploadedFile(name, content), by=it)
    house.refresh_from_db()
    assert house.read_logo() == logo
    assert remove_logo(house, by=it).read_logo() == b""
