"""A company starts in the language of those who found it."""

import pytest
from django.core.management import call_command
from django.utils import translation

from backoffice.finance.models import Journal
from backoffice.inventory.models import Location, Warehouse
from core.catalog.models import Unit
from core.people.models import User
from frontoffice.crm.models import LostReason, Stage


def found(language: str) -> None:
    words = {"name": "PT Satu", "owner_email": "rina@satu.example", "owner_name": "Rina", "owner_password": "kata-sandi-panjang-1"}
    call_command("found_company", language=language, verbosity=0, **words)


@pytest.mark.django_db
def test_what_is_set_up_is_called_as_the_owner_calls_it() -> None:
    found("id")
    assert User.objects.get(email="rina@satu.example").language == "id"
    assert Journal.objects.get(code="BNK").name == "Kas dan bank"
    assert Warehouse.objects.get().name == "Gudang utama"
    assert list(Stage.objects.order_by("position").values_list("name", flat=True)) == ["Terkualifikasi", "Demo", "Proposal", "Negosiasi"]
    assert LostReason.objects.filter(name="Tidak ada anggaran").exists()
    assert Unit.objects.get(code="pcs").name == "Buah"


@pytest.mark.django_db
def test_places_that_are_no_warehouse_are_called_in_the_language_of_the_reader() -> None:
    found("en")
    customers = Location.objects.get(kind="customer")
    assert str(customers) == "With customers"
    with translation.override("id"):
        assert str(customers) == "Di pelanggan"


def test_the_plural_of_a_model_gets_its_s_in_english_only() -> None:
    assert str(Stage._meta.verbose_name_plural) == "stages"
    with translation.override("id"):
        assert str(Stage._meta.verbose_name_plural) == "tahap"
