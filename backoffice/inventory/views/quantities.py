"""The page that asks for a quantity of each line, for doing a part of something."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.db.models import OuterRef, Subquery, Sum

from backoffice.inventory.forms import Countable, DatedQuantitiesForm, QuantitiesForm, split
from core.web import ui


class QuantitiesScreen(ui.EditScreen, ABC):
    """Asks how many of each line, and calls the operation with ``quantities`` (line id to quantity)."""

    form_class: ClassVar[type[QuantitiesForm]] = DatedQuantitiesForm
    tail: ClassVar[str]

    @classmethod
    def url_name(cls) -> str:
        """Named after the model and what is done."""
        return f"{cls.the_model()._meta.model_name}-{cls.tail}"

    @classmethod
    def url_path(cls) -> str:
        """Under the record."""
        return cls.under(f"<int:pk>/{cls.tail}")

    @abstractmethod
    def countables(self) -> list[Countable]:
        """The lines asked about."""

    def initial(self) -> dict[str, Any]:
        """Each field knows its own."""
        return {}

    def make_form(self, data: Any = None, files: Any = None) -> forms.Form:
        """The form with a field for each line."""
        return self.form_class(data, files, countables=self.countables())

    def perform(self, data: dict[str, Any]) -> Any:
        """The one operation call."""
        quantities, others = split(data)
        return type(self).operation(self.record, by=self.user, quantities=quantities, **others)


def in_units(quantity: Any, unit: str) -> str:
    """A quantity with its unit, in the person's notation."""
    return ui.figures.quantity(quantity, unit)


def total_of(lines: type[models.Model], owner: str, figure: str) -> Subquery:
    """The sum of a figure over the lines of a row, for a list's column."""
    sums = lines._default_manager.filter(**{owner: OuterRef("pk")}).order_by().values(owner).annotate(sum_of_lines=Sum(figure))
    return Subquery(sums.values("sum_of_lines"))
