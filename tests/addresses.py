"""Every address of the application, with what stands behind it: read from the resolver, so that a new one is met without being named."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import site
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from core.events.models import Record
from core.files.models import Attachment

VALUES = {"int": "1", "slug": "x", "str": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000001"}
PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>(?:[^()]|\([^()]*\))*\)")
KEYS = frozenset({"pk", "object_id"})
"""Parameters that name the record an address is about."""


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its words with their parameters, and the model whose record a key in it names."""

    pattern: str
    model: type[Model] | None
    view: Any

    @property
    def is_about_a_record(self) -> bool:
        """Whether it names one."""
        return self.model is not None and any(name in KEYS for name in self.parameters)

    @property
    def parameters(self) -> list[str]:
        """The names of what is filled in."""
        return [found["name"] or found["group"] for found in PARAMETER.finditer(self.pattern)]

    @property
    def readable(self) -> str:
        """As the table writes it: ``/sales/orders/<pk>/confirm/``."""
        return "/" + _plain(PARAMETER.sub(lambda found: f"<{found['name'] or found['group']}>", self.pattern))

    def filled(self, values: Mapping[str, object] | None = None) -> str:
        """With these values for its parameters, or ones that name nothing."""

        def put(found: re.Match[str]) -> str:
            name = found["name"] or found["group"]
            default = VALUES.get(found["kind"] or "str", "x") if found["name"] else "1"
            return str((values or {}).get(name, default))

        return "/" + _plain(PARAMETER.sub(put, self.pattern))


def addresses(patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[Address]:
    """Every address, once."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        whole = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, whole)
        elif "format" not in whole and "(?P<url>" not in whole:
            yield Address(whole, _model_behind(pattern.callback, whole), pattern.callback)


def _plain(pattern: str) -> str:
    return pattern.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "")


def _model_behind(view: Any, whole: str) -> type[Model] | None:
    if whole.startswith("files/<int:pk>"):
        return Attachment
    if whole.startswith("why/<int:pk>"):
        return Record
    screen = getattr(view, "view_class", None)
    if screen is not None:
        bound = getattr(screen, "of", None)
        found: type[Model] | None = getattr(bound or screen, "model", None)
        return found
    resource = getattr(view, "cls", None)
    if resource is not None:
        rows = getattr(resource, "queryset", None)
        return rows.model if rows is not None else None
    admin = re.match(r"admin/(\w+)/(\w+)/", whole)
    if admin:
        return next((model for model in site._registry if (model._meta.app_label, model._meta.model_name) == admin.groups()), None)
    return None
