"""Files hang on records, and inherit who may see them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.files.models import Attachment
from core.files.operations import FileRefused, attach
from core.people.models import User
from core.people.operations import create_user
from tests.factories.ground import make_customer
from tests.factories.programs import api_of

PDF = b"%PDF-1.7 offer"


def upload(name: str = "offer.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def _files_of_this_test_only(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(
    ("name", "content"),
    [("page.html", b"<script>"), ("offer.pdf", b"<script>"), ("empty.pdf", b""), ("image.svg", b"<svg/>"), ("notes.txt", b"\0\1")],
)
def test_what_is_not_what_its_name_says_is_refused(seller: User, name: str, content: bytes) -> None:
    with pytest.raises(FileRefused):
        attach("parties.party", make_customer().pk, upload(name, content), by=seller)
    assert not Attachment.objects.exists()


def test_a_file_is_stored_under_a_name_that_tells_nothing(seller: User) -> None:
    attachment = attach("parties.party", make_customer().pk, upload("../../secret plan.pdf"), by=seller)
    assert attachment.name == "secret plan.pdf"
    assert "secret" not in str(attachment.file.name)
    assert (attachment.media_type, attachment.size, attachment.uploaded_by) == ("application/pdf", len(PDF), seller)


def test_a_file_goes_up_comes_down_and_goes_away_through_the_api(seller: User) -> None:
    party, api = make_customer(), api_of(seller)
    made = api.post("/api/v1/attachments/", {"kind": "parties.party", "object_id": party.pk, "file": upload()}, format="multipart")
    assert made.status_code == 201, made.json()
    pk = made.json()["id"]
    listed = api.get(f"/api/v1/attachments/?kind=parties.party&object_id={party.pk}").json()
    assert [row["name"] for row in listed] == ["offer.pdf"]
    down = api.get(f"/api/v1/attachments/{pk}/download/")
    assert (b"".join(down.streaming_content), down["Content-Disposition"]) == (PDF, 'attachment; filename="offer.pdf"')  # type: ignore[attr-defined]
    assert api.delete(f"/api/v1/attachments/{pk}/").status_code == 204
    assert not Attachment.objects.exists()


def test_who_may_only_look_neither_adds_nor_removes(seller: User, auditor: User) -> None:
    party = make_customer()
    attachment = attach("parties.party", party.pk, upload(), by=seller)
    api = api_of(auditor)
    assert api.get(f"/api/v1/attachments/{attachment.pk}/download/").status_code == 200
    assert api.delete(f"/api/v1/attachments/{attachment.pk}/").status_code == 403
    body = {"kind": "parties.party", "object_id": party.pk, "file": upload()}
    assert api.post("/api/v1/attachments/", body, format="multipart").status_code == 403
    assert Attachment.objects.count() == 1


def test_who_does_not_see_the_record_does_not_learn_of_its_files(owner: User, seller: User) -> None:
    attachment = attach("parties.party", make_customer().pk, upload(), by=seller)
    stranger = create_user(email="x@nusantara.example", name="Without Role", roles=[], password=None, by=owner)
    api = api_of(stranger)
    assert api.get(f"/api/v1/attachments/{attachment.pk}/download/").status_code == 403
    hidden = Attachment.objects.create(
        kind="finance.payment", object_id=1, file=upload(), name="p.pdf", media_type="application/pdf", size=1, uploaded_by=owner
    )
    assert api_of(seller).get(f"/api/v1/attachments/{hidden.pk}/download/").status_code == 404
    assert api_of(seller).get("/api/v1/attachments/?kind=finance.payment&object_id=1").status_code == 404
    assert api_of(seller).get("/api/v1/attachments/").status_code == 400


def test_nothing_hangs_on_a_record_that_is_not_there(seller: User) -> None:
    api = api_of(seller)
    for kind, pk in (("parties.party", 999_999), ("no.such", 1)):
        body = {"kind": kind, "object_id": pk, "file": upload()}
        assert api.post("/api/v1/attachments/", body, format="multipart").status_code == 404


def test_a_file_is_removed_on_the_page_by_who_works_there(client, seller: User, auditor: User) -> None:  # type: ignore[no-untyped-def]
    party = make_customer()
    attachment = attach("parties.party", party.pk, upload(), by=seller)
    client.force_login(auditor)
    assert client.post(f"/files/{attachment.pk}/remove/").status_code == 403
    assert client.post(f"/files/parties.party/{party.pk}/", {"file": upload()}).status_code == 403
    client.force_login(seller)
    assert client.post(f"/files/{attachment.pk}/remove/").status_code == 302
    assert not Attachment.objects.exists()
