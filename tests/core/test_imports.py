"""The importer: good rows once, bad rows never by halves."""

from pathlib import Path

import pytest
from django.db import models

from core.imports.importer import Importer
from core.imports.mapping import BadCell, Column, Facts, day, fraction, integer, not_negative, one_of, positive, text, yes_or_no
from core.imports.models import ExternalId
from core.imports.reading import UnreadableTable, read_table
from core.parties.models import Party
from core.parties.operations import create_party, update_party
from core.people.models import User


@pytest.fixture
def importer(seller: User) -> Importer:
    def write(facts: Facts, known: int | None) -> models.Model:
        if known is not None:
            return update_party(Party.objects.get(pk=known), by=seller, **facts)
        return create_party(by=seller, **facts)

    columns = [
        Column("name", "Company", text, required=True),
        Column("industry", "Industry", text),
        Column("tax_id", "Tax", text),
        Column("tax_id_country", "Country", text),
    ]
    return Importer("test", "party", "Code", columns, write)


def table(folder: Path, content: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "parties.csv"
    path.write_bytes(content.encode(encoding))
    return path


def names() -> list[str]:
    return list(Party.objects.filter(our_company__isnull=True).order_by("pk").values_list("name", flat=True))


def test_a_repeated_import_doubles_nothing_and_takes_only_what_changed(importer: Importer, tmp_path: Path) -> None:
    first = importer.run(read_table(table(tmp_path, "Code,Company,Industry,Tax,Country\nA,Alpha,Steel,,\nB,Beta,NULL,,\n")))
    again = importer.run(read_table(table(tmp_path, "Code,Company,Industry,Tax,Country\nA,Alpha,Energy,,\nB,Beta,NULL,,\n")))
    assert (first.created, first.changed, first.unchanged, first.problems) == (2, 0, 0, [])
    assert (again.created, again.changed, again.unchanged) == (0, 1, 1)
    assert list(Party.objects.filter(name__in=["Alpha", "Beta"]).order_by("name").values_list("name", "industry")) == [
        ("Alpha", "Energy"),
        ("Beta", ""),
    ]


def test_bad_rows_are_named_by_file_line_and_reason_and_leave_nothing(importer: Importer, tmp_path: Path) -> None:
    content = (
        'Code,Company,Industry,Tax,Country\nA,"Alpha,\nLtd",Steel,,\nB,,Steel,,\n,Gamma,,,\nA,Alpha again,,,\nC,Fake,,12,ID\nD,Delta,,,\n'
    )
    report = importer.run(read_table(table(tmp_path, content)))
    assert [str(problem) for problem in report.problems[:3]] == [
        "parties.csv:4 Company: it is empty.",
        "parties.csv:5 Code: it is empty.",
        "parties.csv:6 Code: A stands here a second time.",
    ]
    assert str(report.problems[3]).startswith("parties.csv:7: 12 is not a tax number of ID")
    assert names() == ["Alpha,\nLtd", "Delta"]


def test_a_row_in_another_encoding_is_refused_alone(importer: Importer, tmp_path: Path) -> None:
    path = tmp_path / "parties.csv"
    path.write_bytes(b"Code,Company,Industry,Tax,Country\nA,Caf\xe9,,,\nB,Caf\xc3\xa9,,,\n")
    report = importer.run(read_table(path))
    assert [str(problem) for problem in report.problems] == ["parties.csv:2 Company: it is not written in UTF-8."]
    assert names() == ["Café"]


def test_a_dry_run_says_what_would_happen_and_leaves_nothing(importer: Importer, tmp_path: Path) -> None:
    report = importer.run(read_table(table(tmp_path, "Code,Company,Industry,Tax,Country\nA,Alpha,,,\nB,,,,\n")), dry=True)
    assert (report.created, len(report.problems)) == (1, 1)
    assert names() == []
    assert not ExternalId.objects.exists()


def test_a_missing_column_is_a_problem_of_every_row(importer: Importer, tmp_path: Path) -> None:
    report = importer.run(read_table(table(tmp_path, "Code,Firm\nA,Alpha\n")))
    assert "parties.csv:2 Company: the column is missing." in [str(problem) for problem in report.problems]


def test_a_file_that_is_missing_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable, match="does not exist"):
        list(read_table(tmp_path / "nothing.csv"))
    with pytest.raises(UnreadableTable, match="no header"):
        list(read_table(table(tmp_path, "")))


@pytest.mark.parametrize(
    ("parse", "cell"),
    [
        (integer, "1.5"),
        (positive, "0"),
        (positive, "-1"),
        (not_negative, "-0.01"),
        (fraction, "1.01"),
        (fraction, "NaN"),
        (day, "31/12/2026"),
        (yes_or_no, "yes"),
        (one_of({"A": 1}, "customer"), "B"),
    ],
)
def test_a_cell_that_is_not_what_its_column_holds_is_refused(parse: object, cell: str) -> None:
    with pytest.raises(BadCell):
        parse(cell)  # type: ignore[operator]
