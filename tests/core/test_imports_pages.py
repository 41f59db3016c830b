"""The pages and the API of an import, without any script."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from rest_framework.test import APIClient

from core.files.models import Attachment
from core.imports.models import ImportRun
from core.jobs.worker import work_jobs
from core.parties.models import Party
from core.people.models import User
from core.people.roles import Role
from tests.factories.ground import make_user

pytestmark = pytest.mark.django_db
DIRTY = "Kode;Nama;E-mail;Warna\nC-1;PT Alpha;a@alpha.example;merah\nC-2;;salah;biru\n"


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def a_file(content: str = DIRTY, name: str = "pelanggan.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode("cp1252"), content_type="application/octet-stream")


def text(answer: Any) -> str:
    return answer.content.decode()


def test_the_whole_way_by_plain_forms(seller: User) -> None:
    client = signed_in(seller)
    assert "Customers" in text(client.get("/imports/new/"))
    sent = client.post("/imports/new/parties.customer/", {"file": a_file()})
    run = ImportRun.objects.get()
    assert sent.headers["Location"] == f"/imports/{run.pk}/columns/"
    page = text(client.get(sent.headers["Location"]))
    assert '<option value="code" selected>' in page
    assert "Warna" in page
    sent = client.post(
        f"/imports/{run.pk}/columns/", {"column-0": "code", "column-1": "name", "column-2": "email", "column-3": "", "existing": "update"}
    )
    assert sent.headers["Location"] == f"/imports/{run.pk}/"
    assert "Waiting for a worker" in text(client.get(f"/imports/{run.pk}/"))
    work_jobs()
    page = text(client.get(f"/imports/{run.pk}/"))
    assert "“salah” is not an e-mail address." in page
    assert "It is empty." in page
    row = run.rows.get(line=3)
    client.post(f"/imports/{run.pk}/rows/", {f"cell-{row.pk}-1": "PT Beta", f"cell-{row.pk}-2": "b@beta.example"})
    assert "Import 2 rows" in text(client.get(f"/imports/{run.pk}/"))
    client.post(f"/imports/{run.pk}/start/")
    work_jobs()
    assert Party.objects.filter(code__in=["C-1", "C-2"]).count() == 2
    page = text(client.get(f"/imports/{run.pk}/"))
    assert "Revert import" in page
    assert "2 records it created are removed." in text(client.get(f"/imports/{run.pk}/revert/"))
    client.post(f"/imports/{run.pk}/revert/")
    work_jobs()
    assert not Party.objects.filter(code__in=["C-1", "C-2"]).exists()
    assert "Reverted" in text(client.get("/imports/"))


def test_a_file_that_is_no_table_is_refused_at_the_field(seller: User) -> None:
    answer = signed_in(seller).post("/imports/new/parties.customer/", {"file": a_file("1,2\n3,4\n")})
    assert answer.status_code == 422
    assert "has no line with column names" in text(answer)
    assert not ImportRun.objects.exists()


def test_what_is_missing_is_said_on_the_columns_and_nothing_is_lost(seller: User) -> None:
    client = signed_in(seller)
    client.post("/imports/new/parties.customer/", {"file": a_file()})
    run = ImportRun.objects.get()
    answer = client.post(f"/imports/{run.pk}/columns/", {"column-0": "code", "column-1": "", "column-2": "email"})
    assert answer.status_code == 422
    assert "No column is matched with: Name." in text(answer)
    assert '<option value="email" selected>' in text(answer)
    assert ImportRun.objects.get().status == "uploaded"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_rows_with_mistakes_go_out_with_the_reason(seller: User, ending: str) -> None:
    client = signed_in(seller)
    client.post("/imports/new/parties.customer/", {"file": a_file()})
    run = ImportRun.objects.get()
    client.post(f"/imports/{run.pk}/columns/", {"column-0": "code", "column-1": "name", "column-2": "email"})
    work_jobs()
    answer = client.get(f"/imports/{run.pk}/wrong-rows/?as={ending}")
    content = b"".join(answer) if answer.streaming else answer.content
    if ending == "csv":
        lines = content.decode("utf-8-sig").splitlines()
        rows = [line.split(",") for line in lines]
    else:
        rows = [[str(cell) for cell in row] for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]
    assert rows[0] == ["Kode", "Nama", "E-mail", "Warna", "Line in the file", "What is wrong"]
    assert rows[1][0] == "C-2"
    assert rows[1][-1] == "Name: it is empty. E-mail: “salah” is not an e-mail address."


def test_a_template_can_be_filled_in_and_uploaded(seller: User) -> None:
    client = signed_in(seller)
    answer = client.get("/imports/template/parties.customer/")
    content = b"".join(answer) if answer.streaming else answer.content
    client.post("/imports/new/parties.customer/", {"file": SimpleUploadedFile("t.csv", content)})
    run = ImportRun.objects.get()
    assert "" not in run.fields
    client.post(f"/imports/{run.pk}/columns/", {f"column-{position}": field for position, field in enumerate(run.fields)})
    work_jobs()
    assert ImportRun.objects.get().counts == {"new": 2}


def test_an_import_is_seen_by_whose_it_is_and_by_it(seller: User, storekeeper: User, accountant: User) -> None:
    signed_in(seller).post("/imports/new/parties.customer/", {"file": a_file()})
    run, source = ImportRun.objects.get(), Attachment.objects.get(kind="imports.importrun")
    assert [signed_in(one).get(f"/imports/{run.pk}/columns/").status_code for one in (seller, accountant, make_user(Role.IT))] == [
        200,
        404,
        200,
    ]
    assert [signed_in(one).get(f"/files/{source.pk}/").status_code for one in (seller, accountant)] == [200, 404]
    assert signed_in(storekeeper).get("/imports/new/parties.customer/").status_code == 404
    assert signed_in(make_user(Role.AUDITOR)).post("/imports/new/parties.customer/", {"file": a_file()}).status_code == 404


def test_it_does_not_import_for_others(seller: User) -> None:
    signed_in(seller).post("/imports/new/parties.customer/", {"file": a_file()})
    run = ImportRun.objects.get()
    signed_in(make_user(Role.IT)).post(f"/imports/{run.pk}/columns/", {"column-0": "code", "column-1": "name"})
    assert ImportRun.objects.get().status == "uploaded"


def test_the_api_uploads_matches_starts_reads_and_reverts(seller: User, accountant: User) -> None:
    api, other = APIClient(), APIClient()
    api.force_authenticate(seller)
    other.force_authenticate(accountant)
    made = api.post("/api/v1/imports/", {"kind": "parties.customer", "file": a_file()}, format="multipart")
    assert (made.status_code, made.json()["columns"], made.json()["header"]) == (
        201,
        ["code", "name", "email", ""],
        ["Kode", "Nama", "E-mail", "Warna"],
    )
    run = f"/api/v1/imports/{made.json()['id']}/"
    assert other.get(run).status_code == 404
    assert (
        api.post(f"{run}match/", {"columns": ["code", "name", "email", ""], "existing": "skip"}, format="json").json()["status"]
        == "checking"
    )
    work_jobs()
    assert api.get(run).json()["counts"] == {"new": 1, "bad": 1}
    wrong = api.get(f"{run}rows/?state=bad").json()["results"]
    assert [(row["line"], [problem["field"] for problem in row["problems"]]) for row in wrong] == [(3, ["name", "email"])]
    assert api.post(f"{run}start/", {}, format="json").json()["status"] == "importing"
    again = api.post(f"{run}start/", {}, format="json")
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")
    work_jobs()
    assert api.post(f"{run}revert/", {}, format="json").json()["status"] == "reverting"
    work_jobs()
    assert api.get(run).json()["counts"] == {"reverted": 1, "bad": 1}
    assert api.post("/api/v1/imports/", {"kind": "people.user", "file": a_file()}, format="multipart").status_code == 403


def test_the_api_refuses_an_empty_file_as_it_refuses_one_without_a_table(seller: User) -> None:
    api = APIClient()
    api.force_authenticate(seller)
    answer = api.post("/api/v1/imports/", {"kind": "parties.customer", "file": a_file("")}, format="multipart")
    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (409, ["/file"])
    assert not ImportRun.objects.exists()


def test_the_api_corrects_rows_and_goes_back_to_the_columns(seller: User) -> None:
    api = APIClient()
    api.force_authenticate(seller)
    run = (
        f"/api/v1/imports/{api.post('/api/v1/imports/', {'kind': 'parties.customer', 'file': a_file()}, format='multipart').json()['id']}/"
    )
    api.post(f"{run}match/", {"columns": ["code", "name", "email", ""], "existing": "skip"}, format="json")
    work_jobs()
    line = api.get(f"{run}rows/?state=bad").json()["results"][0]["line"]
    cells = [{"column": 1, "value": "PT Beta"}, {"column": 2, "value": "b@beta.example"}]
    missing = api.post(f"{run}correct-rows/", {"rows": [{"line": 99, "cells": cells}]}, format="json")
    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (400, "/rows")
    (row,) = api.post(f"{run}correct-rows/", {"rows": [{"line": line, "cells": cells}]}, format="json").json()
    assert (row["line"], row["state"], row["problems"]) == (line, "new", [])
    assert api.get(run).json()["counts"] == {"new": 2}
    assert api.post(f"{run}match-again/").json()["status"] == "uploaded"
    assert api.post(f"{run}settle/").status_code == 409
