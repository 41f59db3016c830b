"""Orders, receipts and journal entries from files, whole or not at all of the rows that share a reference; and activities, done or to do."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from backoffice.finance.invariants import invariants
from backoffice.finance.models import JournalEntry
from backoffice.inventory.models import Receipt
from backoffice.inventory.operations import receive_receipt
from core.events.models import Record
from core.imports.models import ImportRun
from core.imports.notation import cell_of
from core.imports.operations import correct_rows, match_columns, revert_import, start_import, upload_table
from core.jobs.worker import work_jobs
from core.parties.operations import create_party
from core.people.models import User
from frontoffice.crm.models import Activity
from frontoffice.crm.operations import complete_activity
from frontoffice.sales.models import Order, PriceList
from frontoffice.sales.operations import cancel_order
from tests.factories.crm import make_deal
from tests.factories.finance import make_books
from tests.factories.ground import make_customer, make_product
from tests.factories.inventory import make_warehouse

pytestmark = pytest.mark.django_db


def checked(kind: str, content: str, by: User) -> ImportRun:
    run = upload_table(kind, name="baris.csv", content=content.encode(), by=by)
    match_columns(run, fields=run.fields, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def imported(run: ImportRun, by: User) -> ImportRun:
    start_import(run, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def reverted(run: ImportRun, by: User) -> ImportRun:
    revert_import(run, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def said(run: ImportRun) -> list[tuple[int, str, list[tuple[str, str]]]]:
    return [(row.line, row.state, [(problem["field"], problem["reason"]) for problem in row.problems]) for row in run.rows.order_by("line")]


def test_orders_of_several_rows_come_in_whole_and_are_taken_back(seller: User, client: Client) -> None:
    make_books()
    customer = make_customer("PT Satu Dua")
    make_product("DESK-140")
    content = (
        "No Pesanan;Pelanggan;Kode Barang;Nama Barang;Jumlah;Harga Satuan;Diskon\nPO-1;PT Satu Dua;DESK-140;;2;1.000.000,50;10%\n"
        "PO-2;PT Satu Dua;DESK-140;;1;;\nPO-1;;;Ongkos kirim;1;50000;\nPO-2;PT Lain;DESK-140;;0,5;;\nPO-3;PT Satu Dua;;;1;1;\n"
    )
    run = checked("sales.order", content, seller)
    assert said(run) == [
        (2, "new", []),
        (3, "bad", [("", "Line 5, about the same, has a mistake.")]),
        (4, "part", []),
        (5, "bad", [("customer", "Line 3, about the same, says “PT Satu Dua”.")]),
        (6, "bad", [("description", "A line needs a product or a description. Choose a product, or say what it is for.")]),
    ]
    assert not Order.objects.exists()
    client.force_login(seller)
    page = client.get(f"/imports/{run.pk}/", {"state": ""}).content.decode()
    assert "Line 3, about the same, says “PT Satu Dua”." in page
    assert "further rows of them" in page
    wrong = run.rows.get(line=5)
    correct_rows(run, {wrong.pk: {1: ""}}, by=seller)
    assert [(line, field) for line, _state, found in said(run)[1:4] for field, _reason in found] == [(3, ""), (5, "quantity")]
    correct_rows(run, {wrong.pk: {4: "3"}, run.rows.get(line=6).pk: {0: "po-2", 3: "Pasang"}}, by=seller)
    assert [state for _line, state, _found in said(run)] == ["new", "new", "part", "part", "part"]
    run = imported(run, seller)
    assert run.counts == {"created": 2, "part": 3}
    first, second = Order.objects.order_by("pk")
    assert (first.customer, first.status, first.net, first.note) == (customer, "draft", Decimal("1850000.90"), "Reference: PO-1")
    assert list(second.lines.order_by("position").values_list("quantity", "description")) == [
        (1, "Standing desk 140"),
        (3, "Standing desk 140"),
        (1, "Pasang"),
    ]
    assert checked("sales.order", content, seller).counts["skip"] == 1
    cancel_order(second, reason="Batal", by=seller)
    assert reverted(run, seller).counts == {"reverted": 1, "kept": 1, "part": 3}
    assert list(Order.objects.order_by("pk").values_list("status", "cancel_reason")) == [
        ("cancelled", "Taken back with its import"),
        ("cancelled", "Batal"),
    ]
    assert checked("sales.order", content, seller).counts["new"] == 1


def test_goods_on_their_way_are_planned_and_called_off_again(storekeeper: User) -> None:
    make_books()
    make_warehouse()
    create_party(name="PT Kayu Jati", roles=["supplier"], by=User.objects.service())
    make_product("DESK-140")
    make_product("INSTALL", kind="service", unit="h")
    content = (
        "No PO;Pemasok;Perkiraan datang;Kode Barang;Qty;Harga Beli;Catatan\nPB-1;PT Kayu Jati;31/03/2026;DESK-140;24;3.016.000;Lewat laut\n"
        "PB-1;;;DESK-140;2;3.100.000;\nPB-2;;;DESK-140;1;3.016.000;\nPB-2;;;INSTALL;1;1;\nPB-3;;;DESK-140;1,5;1;\n"
    )
    run = checked("inventory.receipt", content, storekeeper)
    assert said(run) == [
        (2, "new", []),
        (3, "part", []),
        (4, "bad", [("", "Line 5, about the same, has a mistake.")]),
        (5, "bad", [("product", "Something in this list is not kept in stock: it is a service, or not in the catalogue. Leave it out.")]),
        (6, "bad", [("quantity", "Standing desk 140 is counted in piece: 1.5 is not a quantity of it.")]),
    ]
    assert imported(run, storekeeper).counts == {"created": 1, "part": 1, "bad": 3}
    receipt = Receipt.objects.get()
    assert (receipt.status, receipt.supplier.name, receipt.note) == ("planned", "PT Kayu Jati", "Lewat laut · Reference: PB-1")
    assert list(receipt.lines.order_by("pk").values_list("quantity", "unit_cost")) == [(24, 3_016_000), (2, 3_100_000)]
    assert reverted(ImportRun.objects.get(pk=run.pk), storekeeper).counts == {"reverted": 1, "part": 1, "bad": 3}
    receipt.refresh_from_db()
    assert (receipt.status, receipt.note) == ("cancelled", "Taken back with its import")


def test_goods_that_came_meanwhile_are_not_called_off(storekeeper: User) -> None:
    make_books()
    make_warehouse()
    make_product("DESK-140")
    run = imported(checked("inventory.receipt", "No PO;Kode Barang;Qty;Harga Beli\nPB-1;DESK-140;2;1000\n", storekeeper), storekeeper)
    receive_receipt(Receipt.objects.get(), by=storekeeper)
    assert reverted(run, storekeeper).counts == {"kept": 1}
    assert Receipt.objects.get().status == "received"


def test_price_lists_come_in_are_changed_and_go_out_of_use(seller: User) -> None:
    customer = make_customer("PT Satu Dua")
    content = "Daftar Harga;Pelanggan;Berlaku dari;Dipakai\nReseller;PT Satu Dua;01/01/2026;ya\nLama;;;tidak\n"
    run = imported(checked("sales.pricelist", content, seller), seller)
    assert list(PriceList.objects.order_by("pk").values_list("name", "customer", "valid_from", "is_active")) == [
        ("Reseller", customer.pk, date(2026, 1, 1), True),
        ("Lama", None, None, False),
    ]
    imported(checked("sales.pricelist", "Nama;Berlaku dari\nreseller;01/02/2026\n", seller), seller)
    assert PriceList.objects.get(name__iexact="reseller").valid_from == date(2026, 2, 1)
    assert reverted(run, seller).counts == {"kept": 1, "reverted": 1}


def test_journal_entries_balance_or_stay_out(accountant: User) -> None:
    make_books()
    today = "2026-03-16"
    content = (
        f"No Bukti;Tanggal;Keterangan;Kode Akun;Debet;Kredit\nJU-1;{today};Sewa;6100;7.500.000;\nJU-1;;;1010;;7.500.000\n"
        f"JU-2;{today};;6100;100;\nJU-2;{today};;1010;;99\nJU-3;{today};;6100;1;1\nJU-3;{today};;1010;;0\n"
        f"JU-4;{today};;6100;100;\nJU-4;{today};;1100;;100\n"
    )
    run = checked("finance.entry", content, accountant)
    assert said(run) == [
        (2, "new", []),
        (3, "part", []),
        (4, "bad", [("", "Debits and credits differ by 1. Make them equal.")]),
        (5, "bad", [("", "Line 4, about the same, has a mistake.")]),
        (6, "bad", [("debit", "Give the amount as a debit or as a credit.")]),
        (7, "bad", [("", "Line 6, about the same, has a mistake.")]),
        (8, "bad", [("", "Line 9, about the same, has a mistake.")]),
        (
            9,
            "bad",
            [
                (
                    "account",
                    "1100 Accounts receivable takes no entries by hand: it always equals the sum of its documents. "
                    "Use an invoice, a credit note, a payment or a stock adjustment.",
                )
            ],
        ),
    ]
    assert not JournalEntry.objects.exists()
    run = imported(run, accountant)
    entry = JournalEntry.objects.get()
    assert (run.counts, entry.memo) == ({"created": 1, "part": 1, "bad": 6}, "Sewa")
    assert reverted(run, accountant).counts == {"reverted": 1, "part": 1, "bad": 6}
    assert JournalEntry.objects.get(reverses=entry).entry_date == entry.entry_date
    assert list(invariants()) == []


def test_activities_are_logged_when_they_were_done_planned_when_due_and_forgotten_again(seller: User) -> None:
    customer = make_customer("PT Satu Dua")
    desks = make_deal(customer, name="Meja")
    content = (
        "Pelanggan;Perihal;Jenis;Tenggat;Tanggal Selesai;Selesai;Catatan;Peluang\n"
        "PT Satu Dua;Soal harga;telepon;;15/01/2026 14.30;;Minta diskon;\n"
        "PT Satu Dua;Kirim penawaran;tugas;31/12/2031;;tidak;;meja\nPT Satu Dua;Kunjungan;rapat;02/02/2026 09:00;;ya;;\n"
        "PT Satu Dua;Besok;telepon;;31/12/2031;;;\nPT Satu Dua;Kapan;;;;;;\nPT Satu Dua;Jam;;;15/01/2026 25:00;;;\n"
        "PT Satu Dua;Kursi;telepon;;15/01/2026;;;Kursi\n"
    )
    run = checked("crm.activity", content, seller)
    assert [(line, found) for line, _state, found in said(run) if found] == [
        (5, [("done_at", "What was done lies in the past. Plan it as a next step instead.")]),
        (6, [("due_at", "It has no time. Say when it was done, or until when it is due.")]),
        (7, [("done_at", "“25:00” is not a time of day. Write it like 14:30.")]),
        (8, [("deal", "PT Satu Dua has no deal “Kursi”. Bring in the deals first, or leave it empty.")]),
    ]
    assert not Activity.objects.exists()
    run = imported(run, seller)
    call, offer, visit = Activity.objects.order_by("pk")
    assert (call.kind, call.party, call.body, cell_of(call.done_at)) == ("call", customer, "Minta diskon", "2026-01-15 14:30")
    assert Record.objects.get(type="crm.ActivityLogged", payload__activity_id=call.pk).occurred_at == call.done_at
    assert (offer.is_done, cell_of(offer.due_at), cell_of(visit.done_at)) == (False, "2031-12-31 17:00", "2026-02-02 09:00")
    assert (call.deal, offer.deal, offer.party) == (None, desks, customer)
    assert checked("crm.activity", content, seller).counts == {"skip": 3, "bad": 4}
    complete_activity(offer, by=seller)
    assert reverted(run, seller).counts == {"reverted": 2, "kept": 1, "bad": 4}
    assert list(Activity.objects.all()) == [offer]
    assert Record.objects.filter(type="crm.ActivityRemoved").count() == 2
