"""How fast customers come in from a file: rows a second, checked and imported through the real operations, one transaction a row.

    python -m benchmarks.import_customers [rows]          # a database with a founded company, e.g. the demo's; takes them back at the end

It prints what ``docs/performance.md`` quotes.
"""

import sys
from collections.abc import Callable
from time import perf_counter, process_time

import django

django.setup()

from core.imports.models import ImportRun  # noqa: E402 - Django stands first
from core.imports.operations import match_columns, revert_import, start_import, upload_table  # noqa: E402
from core.jobs.worker import work_jobs  # noqa: E402
from core.people.models import User  # noqa: E402
from core.people.roles import Role  # noqa: E402


def content(rows: int) -> bytes:
    """A file of customers with address, e-mail and phone."""
    lines = ["Kode;Nama;E-mail;Telepon;Alamat;Kota;Kode Pos"]
    lines += [
        f"BM-{number:06};PT Uji Coba {number};halo{number}@uji.example;+62 21 {number:07};Jl. Uji {number};Bandung;40115"
        for number in range(rows)
    ]
    return "\n".join(lines).encode()


def main(rows: int) -> None:
    """Upload, check, import, revert; each with its rows a second and what a row costs this process (a busy machine changes the first, not the second)."""
    owner = User.objects.filter(groups__name=Role.OWNER, is_active=True).order_by("pk")[0]
    began = perf_counter(), process_time()
    run = upload_table("parties.customer", name="benchmark.csv", content=content(rows), by=owner)
    report("upload and look", rows, began)
    steps: dict[str, Callable[[], ImportRun]] = {
        "check": lambda: match_columns(run, fields=run.fields, by=owner),
        "import": lambda: start_import(ImportRun.objects.get(pk=run.pk), by=owner),
        "revert": lambda: revert_import(ImportRun.objects.get(pk=run.pk), by=owner),
    }
    for name, begin in steps.items():
        begin()
        began = perf_counter(), process_time()
        work_jobs()
        report(name, rows, began)
    print(ImportRun.objects.get(pk=run.pk).counts)


def report(name: str, rows: int, began: tuple[float, float]) -> None:
    """One line."""
    seconds, cpu = perf_counter() - began[0], process_time() - began[1]
    print(f"{name:16} {rows:>7} rows {seconds:8.1f} s {rows / seconds:8.0f} rows/s {cpu / rows * 1000:8.1f} ms of CPU a row")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
