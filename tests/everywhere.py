"""Everything there is to read: every page, list with all its columns, export, resource, report, paper and record, for tests that look for what
must not be there."""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from core import clock
from core.printing.documents import documents_of
from core.web.lists import ListScreen
from core.web.registry import screens
from core.web.reports import ReportScreen
from tests.addresses import addresses

NOT_READ = ("static", "media", "sign-out", "admin/logout")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[.,\s\u00a0\u202f](?=\d)")


def is_ours(screen: type[Any]) -> bool:
    """Whether a screen belongs to the product; the tests register a trial module."""
    return not screen.__module__.startswith("tests")


def lists() -> Iterator[tuple[str, str]]:
    """Every list with all its rows and all the columns it can show: its name and its address."""
    for name, screen in screens():
        if issubclass(screen, ListScreen) and is_ours(screen):
            every = ",".join(str(cell.key) for cell in (*screen.columns, *screen.more_columns) if isinstance(cell.key, str))
            yield name, f"{reverse(name)}?state=all&cols={every}"


def reports() -> Iterator[str]:
    """Every report, on its page and in the API, over this year."""
    year = clock.today().year
    asked = f"start={year}-01-01&end={year}-12-31&on={year}-12-31&compare=year"
    for name, screen in screens():
        if issubclass(screen, ReportScreen) and is_ours(screen):
            yield f"{reverse(name)}?{asked}"
    for address in addresses():
        if address.pattern.startswith("api/v1/") and "reports/" in address.pattern and not address.parameters:
            for words in (f"start={year}-01-01&end={year}-12-31", f"end={year}-12-31", f"on={year}-12-31"):
                yield f"{address.filled()}?{words}"


def exports(*kinds: str) -> Iterator[str]:
    """Every list and report as a file of these kinds."""
    for address in (*(at for _name, at in lists()), *reports()):
        yield from (f"{address}&export={kind}" for kind in kinds)


def everywhere() -> Iterator[str]:
    """Every address that is read, with the latest record of its kind."""
    latest: dict[type[Model], Model | None] = {model: model._default_manager.order_by("pk").last() for model in apps.get_models()}
    for address in addresses():
        record = latest.get(address.model) if address.model is not None else None
        if address.is_about_a_record and record is not None:
            papers = documents_of(record._meta.label_lower) if "document" in address.parameters else ()
            for paper in papers or (None,):
                yield address.filled({"pk": record.pk, "object_id": record.pk} | ({"document": paper.slug} if paper else {}))
        elif not address.parameters and not address.pattern.startswith(NOT_READ):
            yield address.filled()
    yield from (at for _name, at in lists())
    yield from reports()
    yield from exports("csv")


def content_of(answer: Any) -> bytes:
    """What an answer says, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def said_at(client: Client, address: str) -> str:
    """What an address says, as text."""
    return content_of(client.get(address)).decode("utf-8", "replace")


def digits_of(said: str) -> str:
    """Text whose figures are written without anything between their digits."""
    return BETWEEN_DIGITS.sub("", said)
