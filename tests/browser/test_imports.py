"""The import wizard in a real browser: a dirty file uploaded, matched, corrected in the page, imported, taken back."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from core.imports.models import ImportRun
from core.jobs.worker import work_jobs
from core.parties.models import Party
from core.people.models import User
from tests.browser.axe import faults
from tests.browser.people import sign_in
from tests.browser.test_screens import SIZES
from tests.factories.ground import make_customer

pytestmark = [pytest.mark.django_db(transaction=True)]

DIRTY = (
    "Daftar pelanggan;;;;;\n"
    "Kode;Nama Perusahaan;Surel;Kota;NPWP;Warna kesukaan\n"
    "C-1;PT Café Merdeka;halo@merdeka.example;Bandung;;merah\n"
    "C-2;;salah@;Surabaya;;biru\n"
    "C-1;CV Kembar;kembar@kembar.example;Medan;;hijau\n"
    "L-9;PT Lama Jaya;;Jakarta;;\n"
).encode("cp1252")


@pytest.fixture
def window(page: Page, live_server: LiveServer, company: object, seller: User, complaints: list[str]) -> Page:
    """Dewi's browser."""
    page.set_default_timeout(60_000)
    return sign_in(page, seller)


def uploaded(window: Page) -> None:
    window.goto("/parties/")
    window.get_by_role("link", name="Import", exact=True).click()
    window.get_by_role("link", name="Customers", exact=True).click()
    window.get_by_label("File", exact=True).set_input_files({"name": "pelanggan.csv", "mimeType": "text/csv", "buffer": DIRTY})
    window.get_by_role("button", name="Upload and match columns").click()
    expect(window.get_by_role("heading", name="Which column holds what?")).to_be_visible()


def test_a_dirty_file_is_corrected_in_the_page_imported_and_taken_back(window: Page) -> None:
    lama = make_customer("PT Lama", code="L-9")
    uploaded(window)
    assert window.get_by_label("Nama Perusahaan").input_value() == "name"
    assert window.get_by_label("Warna kesukaan").input_value() == ""
    window.get_by_role("button", name="Check every row").click()
    expect(window.get_by_role("heading", name="Being checked")).to_be_visible()
    work_jobs()
    expect(window.get_by_role("heading", name="What would happen")).to_be_visible()  # the page asks for news by itself
    expect(window.get_by_text("“salah@” is not an e-mail address.")).to_be_visible()
    expect(window.get_by_text("Line 3 is about the same record.")).to_be_visible()
    window.get_by_label("Name, line 4").fill("PT Surya")
    window.get_by_label("E-mail, line 4").fill("halo@surya.example")
    window.get_by_label("Code, line 5").fill("C-3")
    window.get_by_role("button", name="Check the corrected rows").click()
    expect(window.get_by_text("No mistakes were found.")).to_be_visible()
    window.get_by_role("button", name="Import 4 rows").click()
    expect(window.get_by_role("heading", name="Being imported")).to_be_visible()
    work_jobs()
    expect(window.get_by_role("link", name="Revert import")).to_be_visible()
    assert list(Party.objects.filter(code__in=["C-1", "C-2", "C-3", "L-9"]).order_by("code").values_list("name", flat=True)) == [
        "PT Café Merdeka",
        "PT Surya",
        "CV Kembar",
        "PT Lama Jaya",
    ]
    window.get_by_role("link", name="Revert import").click()
    expect(window.get_by_text("3 records it created are removed.")).to_be_visible()
    window.get_by_role("button", name="Revert import").click()
    work_jobs()
    expect(window.get_by_text("taken back", exact=True)).to_be_visible()
    lama.refresh_from_db()
    assert lama.name == "PT Lama"
    assert not Party.objects.filter(code__in=["C-1", "C-2", "C-3"]).exists()
    assert ImportRun.objects.get().status == "reverted"


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_no_step_has_an_accessibility_fault(window: Page, size: str) -> None:
    window.emulate_media(reduced_motion="reduce")
    uploaded(window)
    window.get_by_role("button", name="Check every row").click()
    expect(window.get_by_role("heading", name="Being checked")).to_be_visible()
    run = ImportRun.objects.get()
    window.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    places = ["/imports/", "/imports/new/", "/imports/new/parties.customer/", f"/imports/{run.pk}/", f"/jobs/{run.job_id}/", "/jobs/"]
    found = {place: found for place in places for found in [look(window, place)] if found}
    work_jobs()
    found |= {place: found for place in (f"/imports/{run.pk}/", f"/imports/{run.pk}/columns/") for found in [look(window, place)] if found}
    assert found == {}


def look(window: Page, place: str) -> list[str]:
    """What axe finds on a page."""
    window.goto(place)
    return faults(window)
