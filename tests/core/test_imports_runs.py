"""The import of a file: checked through the real operations, corrected, brought in row by row, repeated, taken back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from backoffice.finance.models import Account, JournalEntry
from backoffice.inventory.models import StockLevel
from core.audit.models import Change
from core.catalog.models import Product
from core.events.models import Record
from core.files.models import Attachment
from core.imports.models import ExternalId, ImportRow, ImportRun
from core.imports.operations import (
    ColumnsMissing,
    ColumnTwice,
    NothingToImport,
    NotImportable,
    correct_rows,
    discard_import,
    match_columns,
    revert_import,
    settle_import,
    start_import,
    upload_table,
)
from core.jobs import worker
from core.jobs.models import Job
from core.jobs.operations import cancel_job
from core.jobs.worker import work_jobs
from core.parties.models import Contact, Party
from core.parties.operations import create_party, update_party
from core.people.models import User
from core.people.operations import change_roles
from core.people.roles import Role
from frontoffice.crm.models import Deal, Lead
from frontoffice.sales.models import PriceRule
from frontoffice.sales.operations import create_price_list
from tests.factories.ground import make_customer, make_product, make_user
from tests.factories.house import make_house

HEADER = "Kode;Nama;E-mail;Telepon;Kota;NPWP;Negara Pajak"
FIELDS = ["code", "name", "email", "phone", "city", "tax_id", "tax_id_country"]
pytestmark = pytest.mark.django_db


def upload(content: str, by: User, kind: str = "parties.customer", name: str = "pelanggan.csv") -> ImportRun:
    return upload_table(kind, name=name, content=content.encode(), by=by)


def checked(content: str, by: User, kind: str = "parties.customer", existing: str = "", fields: list[str] | None = None) -> ImportRun:
    run = upload(content, by, kind)
    match_columns(run, fields=fields or run.fields, existing=existing, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def imported(content: str, by: User, kind: str = "parties.customer", existing: str = "") -> ImportRun:
    run = checked(content, by, kind, existing)
    start_import(run, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def reverted(run: ImportRun, by: User) -> ImportRun:
    revert_import(run, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def said(run: ImportRun) -> list[tuple[int, str, list[tuple[str, str]]]]:
    return [(row.line, row.state, [(problem["field"], problem["reason"]) for problem in row.problems]) for row in run.rows.order_by("line")]


def names() -> list[str]:
    return list(Party.objects.filter(our_company__isnull=True).order_by("name").values_list("name", flat=True))


def test_a_check_says_what_an_import_would_do_and_leaves_nothing(seller: User) -> None:
    create_party(name="PT Lama", code="C-9", by=seller)
    before = Record.objects.count()
    run = checked(
        f"{HEADER}\nC-1;PT Alpha;a@alpha.example;021;Bandung;;\nC-2;;b@;;;;\nC-3;PT Gamma;;;;12;ID\nC-9;PT Baru;;;;;\nC-1;PT Twice;;;;;\n",
        seller,
    )
    assert run.status == "checked"
    assert said(run) == [
        (2, "new", []),
        (3, "bad", [("name", "it is empty."), ("email", "“b@” is not an e-mail address.")]),
        (4, "bad", [("tax_id", said(run)[2][2][0][1])]),
        (5, "change", []),
        (6, "bad", [("code", "Line 2 is about the same record.")]),
    ]
    assert said(run)[2][2][0][1].startswith("12 is not a tax number of ID")
    assert run.counts == {"new": 1, "bad": 3, "change": 1}
    assert names() == ["PT Lama"]
    assert Record.objects.count() == before
    assert not ExternalId.objects.exists()


def test_good_rows_come_in_and_bad_ones_stay_out(seller: User) -> None:
    run = imported(f"{HEADER}\nC-1;PT Alpha;a@alpha.example;021;Bandung;;\nC-2;;;;;;\n", seller)
    assert (run.status, run.counts) == ("imported", {"created": 1, "bad": 1})
    party = Party.objects.get(code="C-1")
    assert [str(role.role) for role in party.roles.all()] == ["customer"]
    assert {(point.kind, point.value, point.is_primary) for point in party.contact_points.all()} == {
        ("email", "a@alpha.example", True),
        ("phone", "021", True),
    }
    assert [str(address) for address in party.addresses.all()] == ["Bandung, Indonesia"]
    assert Job.objects.order_by("-pk")[0].result["text"] == "Customers: 1 created, 1 left out."


def test_a_row_is_corrected_and_imported_afterwards(seller: User) -> None:
    run = checked(f"{HEADER}\nC-1;PT Alpha;;;;;\nC-2;;b@;;;;\nC-1;PT Beta;;;;;\n", seller)
    second, third = run.rows.filter(line__gt=2).order_by("line")
    correct_rows(run, {second.pk: {1: "PT Delta", 2: "b@beta.example"}}, by=seller)
    correct_rows(run, {third.pk: {0: "C-3"}}, by=seller)
    assert [state for _line, state, _problems in said(run)] == ["new", "new", "new"]
    start_import(run, by=seller)
    work_jobs()
    assert names() == ["PT Alpha", "PT Beta", "PT Delta"]


def test_correcting_the_first_of_two_doubles_frees_the_second(seller: User) -> None:
    run = checked(f"{HEADER}\nC-1;PT Alpha;;;;;\nC-1;PT Beta;;;;;\n", seller)
    first = run.rows.order_by("line")[0]
    correct_rows(run, {first.pk: {0: "C-7"}}, by=seller)
    assert [state for _line, state, _problems in said(run)] == ["new", "new"]


@pytest.mark.parametrize(
    ("existing", "state", "outcome", "industry"),
    [("update", "change", "updated", "Baja"), ("skip", "skip", "skipped", ""), ("refuse", "bad", "bad", "")],
)
def test_what_happens_to_a_record_that_exists_is_chosen(seller: User, existing: str, state: str, outcome: str, industry: str) -> None:
    create_party(name="PT Lama", code="C-9", by=seller)
    run = checked("Kode,Nama,Industri\nc-9,PT Lama,Baja\nC-10,PT Baru,\n", seller, existing=existing)
    assert [found for _line, found, _problems in said(run)] == [state, "new"]
    start_import(run, by=seller)
    work_jobs()
    assert [found for _line, found, _problems in said(run)] == [outcome, "created"]
    assert Party.objects.get(code="C-9").industry == industry


def test_an_empty_cell_leaves_what_is_there(seller: User) -> None:
    make_customer("PT Lama", code="C-9", industry="Baja", email="a@a.example")
    run = imported("Kode,Nama,Industri,E-mail\nC-9,PT Lama,,\n", seller)
    assert run.counts == {"unchanged": 1}
    assert Party.objects.get(code="C-9").industry == "Baja"


def test_the_id_of_the_old_system_makes_a_repeated_import_change_and_not_double(seller: User) -> None:
    imported("ID,Nama\n7,PT Alpha\n8,PT Beta\n", seller)
    again = imported("ID,Nama\n7,PT Alpha Baru\n8,PT Beta\n", seller)
    assert again.counts == {"updated": 1, "unchanged": 1}
    assert names() == ["PT Alpha Baru", "PT Beta"]


def test_an_import_is_taken_back_whole(seller: User) -> None:
    lama = create_party(name="PT Lama", code="C-9", industry="Baja", email="lama@a.example", by=seller)
    run = imported(
        "Kode,Nama,Industri,E-mail,Kota\nC-9,PT Lama Jaya,Kayu,baru@a.example,Medan\nC-10,PT Baru,,x@y.example,Bandung\n", seller
    )
    assert run.counts == {"created": 1, "updated": 1}
    run = reverted(run, seller)
    assert (run.status, run.counts) == ("reverted", {"reverted": 2})
    lama.refresh_from_db()
    assert (lama.name, lama.industry) == ("PT Lama", "Baja")
    assert [point.value for point in lama.contact_points.all()] == ["lama@a.example"]
    assert not lama.addresses.exists()
    assert not lama.roles.exists()
    assert names() == ["PT Lama"]
    assert (
        Record.objects.filter(type="parties.PartyCreated").count()
        == Record.objects.filter(type="parties.PartyCreated", payload__name__in=["PT Lama", "PT Baru", "PT Nusantara Maju"]).count()
    )
    assert Change.objects.filter(table="parties_party", action="DELETE").count() == 1


def test_what_was_used_or_changed_meanwhile_stays_and_says_why(seller: User, owner: User) -> None:
    run = imported("Kode,Nama\nC-1,PT Alpha\nC-2,PT Beta\nC-3,PT Gamma\nC-4,PT Delta\n", seller)
    alpha, beta, gamma = (Party.objects.get(code=code) for code in ("C-1", "C-2", "C-3"))
    update_party(alpha, industry="Baja", by=owner)
    create_price_list(name="Khusus Beta", customer=beta, by=seller)
    imported("Perusahaan,Nama Kontak\nC-3,Andi\n", seller, "parties.contact")
    run = reverted(run, seller)
    assert run.counts == {"kept": 3, "reverted": 1}
    assert [(row.line, row.note) for row in run.rows.filter(state="kept").order_by("line")] == [
        (
            2,
            "PT Alpha was changed since by Hendra Gunawan."
            if owner.name == "Hendra Gunawan"
            else f"PT Alpha was changed since by {owner.name}.",
        ),
        (3, "PT Beta is kept: it is used by 1 price list."),
        (4, "PT Gamma is kept: people speak for it. Remove them first."),
    ]
    assert names() == ["Andi", "PT Alpha", "PT Beta", "PT Gamma"]
    assert gamma.contacts.count() == 1


def test_a_second_revert_takes_back_what_the_first_could_not(seller: User) -> None:
    run = imported("Kode,Nama\nC-3,PT Gamma\n", seller)
    people = imported("Perusahaan,Nama Kontak,Jabatan\nC-3,Andi,Direktur\n", seller, "parties.contact")
    assert reverted(run, seller).counts == {"kept": 1}
    assert reverted(people, seller).counts == {"reverted": 1}
    assert reverted(ImportRun.objects.get(pk=run.pk), seller).counts == {"reverted": 1}
    assert names() == []
    assert not Contact.objects.exists()


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A worker that is killed after the third row."""
    left = [3]
    step = worker.Work.step

    def killed(self: Any, n: int = 1, note: str = "") -> None:
        left[0] -= 1
        if left[0] == 0:
            raise SystemExit
        step(self, n, note)

    monkeypatch.setattr(worker.Work, "step", killed)
    return left


def test_an_import_whose_worker_is_killed_goes_on_and_doubles_nothing(seller: User, dying: list[int]) -> None:
    dying[0] = 1000
    run = checked("Nama\nA1\nA2\nA3\nA4\nA5\n", seller)
    dying[0] = 3
    start_import(run, by=seller)
    with pytest.raises(SystemExit):
        work_jobs()
    assert names() == ["A1", "A2", "A3"]
    dying[0] = 1000
    Job.objects.filter(status="running").update(lease_until=timezone.now() - timedelta(seconds=1))
    work_jobs()
    run = ImportRun.objects.get(pk=run.pk)
    assert (run.status, run.counts, names()) == ("imported", {"created": 5}, ["A1", "A2", "A3", "A4", "A5"])


def test_an_import_that_is_cancelled_counts_as_far_as_it_came(seller: User) -> None:
    run = checked("Nama\nA1\nA2\n", seller)
    start_import(run, by=seller)
    run = ImportRun.objects.get(pk=run.pk)
    assert run.job is not None
    cancel_job(run.job, by=seller)
    settle_import(run, by=seller)
    run = ImportRun.objects.get(pk=run.pk)
    assert (run.status, run.counts) == ("imported", {"new": 2})
    start_import(run, by=seller)
    work_jobs()
    assert names() == ["A1", "A2"]


def test_columns_have_to_be_matched_once_each_and_all_that_are_needed(seller: User) -> None:
    run = upload("Nama,Kota\nPT Alpha,Bandung\n", seller)
    with pytest.raises(ColumnsMissing, match="Name"):
        match_columns(run, fields=["", "city"], by=seller)
    with pytest.raises(ColumnTwice, match="Name"):
        match_columns(run, fields=["name", "name"], by=seller)
    assert ImportRun.objects.get().status == "uploaded"
    assert not Job.objects.exists()


def test_nothing_is_imported_when_nothing_is_ready(seller: User) -> None:
    run = checked(f"{HEADER}\nC-2;;;;;;\n", seller)
    with pytest.raises(NothingToImport):
        start_import(run, by=seller)
    assert names() == []


def test_who_may_not_create_may_not_import(accountant: User, storekeeper: User) -> None:
    with pytest.raises(NotImportable):
        upload("SKU,Name,Unit,Price\nA,A,pcs,1\n", accountant, "catalog.product")
    with pytest.raises(NotImportable):
        upload("Nama\nA\n", storekeeper)
    assert not ImportRun.objects.exists()


def test_a_role_that_was_taken_away_meanwhile_stops_the_import(seller: User) -> None:
    run = checked("Nama\nA1\n", seller)
    start_import(run, by=seller)
    change_roles(seller, [], by=User.objects.service())
    work_jobs()
    assert (Job.objects.order_by("-pk")[0].status, names()) == ("failed", [])


def test_an_upload_that_is_discarded_leaves_no_file(seller: User) -> None:
    run = checked("Nama\nA1\n", seller)
    assert Attachment.objects.filter(kind="imports.importrun").count() == 1
    discard_import(run, by=seller)
    assert not Attachment.objects.filter(kind="imports.importrun").exists()
    assert not ImportRow.objects.exists()


def test_products_with_their_shelf_and_prices_in_rupiah(seller: User) -> None:
    User.objects.filter(pk=seller.pk).update(language="id")
    seller.refresh_from_db()
    make_product("DESK-140")
    old = Product.objects.get(sku="DESK-140").list_price
    run = imported(
        "Kode Barang;Nama Barang;Satuan;Harga;Kategori;Jenis\nDESK-140;Meja;pcs;Rp 2.750.000;Meja;Barang\nJ-1;Jasa;h;150.000,50;;jasa\nX;X;barrel;1;;\n",
        seller,
        "catalog.product",
    )
    assert run.counts == {"updated": 1, "created": 1, "bad": 1}
    assert [(one.sku, one.list_price, one.kind) for one in Product.objects.order_by("sku")] == [
        ("DESK-140", Decimal(2750000), "goods"),
        ("J-1", Decimal("150000.50"), "service"),
    ]
    run = reverted(run, seller)
    assert run.counts == {"reverted": 2, "bad": 1}
    assert [(one.sku, one.list_price, one.category) for one in Product.objects.order_by("sku")] == [("DESK-140", old, None)]


def test_leads_and_deals(seller: User, owner: User) -> None:
    make_house_without_company()
    make_customer("PT Fajar Teknologi")
    leads = imported(
        "Nama,Perusahaan,Surel,Sumber,Pemilik\nMaya,PT Cahaya,maya@c.example,pameran,dewi@nusantara.example\n", seller, "crm.lead"
    )
    deals = imported('Deal,Customer,Value,Stage,Close date\n30 meja,PT Fajar Teknologi,"75,000,000",Demo,31 Jan 2027\n', seller, "crm.deal")
    assert (leads.counts, deals.counts) == ({"created": 1}, {"created": 1})
    assert [(lead.name, lead.source, lead.owner) for lead in Lead.objects.all()] == [("Maya", "event", seller)]
    assert [(deal.estimate, deal.stage.name, str(deal.expected_close_date)) for deal in Deal.objects.all()] == [
        (Decimal(75000000), "Demo", "2027-01-31")
    ]
    assert (reverted(leads, seller).counts, reverted(deals, seller).counts) == ({"reverted": 1}, {"reverted": 1})
    assert (Lead.objects.count(), Deal.objects.count()) == (0, 0)


def test_prices_of_a_list(seller: User) -> None:
    make_product("DESK-140")
    create_price_list(name="Reseller", by=seller)
    run = imported(
        "Daftar harga,SKU,Harga,Minimal\nReseller,DESK-140,2000000,\nreseller,desk-140,1900000,10\nNobody,DESK-140,1,\n",
        seller,
        "sales.price",
    )
    assert run.counts == {"created": 2, "bad": 1}
    assert [(rule.min_quantity, rule.unit_price) for rule in PriceRule.objects.order_by("min_quantity")] == [(0, 2000000), (10, 1900000)]
    assert reverted(run, seller).counts == {"reverted": 2, "bad": 1}
    assert not PriceRule.objects.exists()


def test_opening_stock_balances_and_accounts(db: None) -> None:
    make_house()
    owner = make_user(Role.OWNER)
    make_product("DESK-140")
    today = timezone.localdate().isoformat()
    stock = imported("SKU,Quantity,Cost\nDESK-140,25,1750000\nNOPE,1,1\n", owner, "inventory.opening")
    assert (stock.counts, StockLevel.objects.get().on_hand) == ({"created": 1, "bad": 1}, 25)
    accounts = imported("Kode Akun,Nama Akun,Jenis\n6150,Biaya iklan,beban\n", owner, "finance.account")
    assert (accounts.counts, Account.objects.get(code="6150").kind) == ({"created": 1}, "expense")
    free = Account.objects.free().filter(kind="asset").order_by("code")[0]
    kept = Account.objects.filter(purpose="receivable").get()
    before = JournalEntry.objects.count()
    balances = imported(
        f"Account,Date,Debit,Credit\n{free.code},{today},15000000,\n{kept.code},{today},1,\n6150,{today},1,1\n", owner, "finance.opening"
    )
    assert balances.counts == {"created": 1, "bad": 2}
    assert JournalEntry.objects.count() == before + 1
    assert reverted(balances, owner).counts == {"reverted": 1, "bad": 2}
    assert JournalEntry.objects.filter(reverses__isnull=False).count() == 1
    assert reverted(stock, owner).counts == {"reverted": 1, "bad": 1}
    assert StockLevel.objects.get().on_hand == 0
    assert reverted(accounts, owner).counts == {"reverted": 1}
    assert Account.objects.get(code="6150").is_active is False


def test_users_come_in_with_their_roles_and_without_a_password(owner: User) -> None:
    run = imported('Email,Nama,Peran\nrina@n.example,Rina,"storekeeper, sales"\nbad@n.example,Bad,king\n', owner, "people.user")
    assert run.counts == {"created": 1, "bad": 1}
    rina = User.objects.get(email="rina@n.example")
    assert (sorted(rina.groups.values_list("name", flat=True)), rina.has_usable_password()) == (["sales", "storekeeper"], False)
    reverted(run, owner)
    assert User.objects.get(email="rina@n.example").is_active is False


def test_ten_thousand_rows_are_read_and_their_doubles_found(seller: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "core.imports.rows.RowTaker.check",
        lambda self, rows, doubles: setattr(rows[0], "state", "bad" if rows[0].line in doubles else "new"),
    )
    content = "Kode,Nama\n" + "".join(f"C-{number % 9_999},PT Nomor {number}\n" for number in range(10_000))
    run = checked(content, seller)
    assert run.counts == {"new": 9_999, "bad": 1}
    assert run.rows.get(state="bad").line == 10_001


def make_house_without_company() -> None:
    from frontoffice.crm.operations import install_pipeline  # noqa: PLC0415

    install_pipeline(by=User.objects.service())
