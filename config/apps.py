"""The application that holds the others together."""

from django.apps import AppConfig, apps
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from config.modules import INSTALLED

OTHERWISE = {"events.Delivery": pgettext_lazy("events", "delivery"), "people.Team.lead": _("team lead")}
"""Names that mean something else elsewhere: goods are delivered, and a lead may become a customer."""


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Give `shared_task` its Celery application: `config/__init__.py` cannot, it is read before anything is installed."""
        from config import celery  # noqa: F401

        name_applications()
        name_models()
        name_many()
        settings.SPECTACULAR_SETTINGS["ENUM_NAME_OVERRIDES"] = names_of_choices()


def name_applications() -> None:
    """What the admin calls each application; Django would make a name of its label, in English."""
    names = {
        "core": _("Numbering"),
        "people": _("People"),
        "tokens": _("API tokens"),
        "parties": _("Parties"),
        "catalog": _("Catalogue"),
        "events": _("Events"),
        "docflow": _("Related documents"),
        "audit": _("Changes"),
        "files": _("Files"),
        "notifications": _("Notifications"),
        "notes": _("Notes"),
        "approvals": _("Approvals"),
        "jobs": _("Jobs"),
        "effects": _("Outgoing messages"),
        "imports": _("Imports"),
        "privacy": _("Privacy"),
        "web": _("Workspace"),
        "crm": _("CRM"),
        "sales": _("Sales"),
        "inventory": _("Inventory"),
        "finance": _("Finance"),
        "integration": _("Integration"),
    }
    for application in apps.get_app_configs():
        if application.name.startswith(INSTALLED) and application.label in names:
            application.verbose_name = names[application.label]


def name_models() -> None:
    """Where a model or a field says no name, Django makes one of how the code calls it, in English. It is translated like every other word."""
    for model in apps.get_models():
        if not model.__module__.startswith(INSTALLED):
            continue
        if "verbose_name" not in model._meta.original_attrs:
            model._meta.verbose_name = OTHERWISE.get(model._meta.label) or _(str(model._meta.verbose_name))
        for field in model._meta.local_fields:
            if field._verbose_name is None:  # type: ignore[attr-defined]
                field.verbose_name = _(field.name.replace("_", " "))
            field.verbose_name = OTHERWISE.get(str(field), field.verbose_name)


def name_many() -> None:
    """Django makes the plural of a model's name by adding an s, in every language. Only English does so.

    Where a model says no plural, other languages use its name as it is; a language that has plurals translates them as models say them.
    """
    for model in apps.get_models():
        options = model._meta
        if model.__module__.startswith(INSTALLED) and "verbose_name_plural" not in options.original_attrs:
            options.verbose_name_plural = _many(options.verbose_name)


def _plural(name: object) -> str:
    return f"{name}s" if (get_language() or "en").startswith("en") else str(name)


_many = lazy(_plural, str)


def names_of_choices() -> dict[str, list[tuple[str, str]]]:
    """What the API's description calls each set of choices: after the model they belong to, e.g. ``OrderStatus``.

    Left alone, the generator names them after the field, and two models with a ``kind`` get names that change with every release.
    """
    names: dict[str, list[tuple[str, str]]] = {}
    known: list[list[str]] = []
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if not field.choices or not model.__module__.startswith(INSTALLED):
                continue
            choices = [(str(value), str(label)) for value, label in field.flatchoices]
            if [value for value, _label in choices] not in known:
                known.append([value for value, _label in choices])
                names[f"{model.__name__}{field.name.title().replace('_', '')}"] = choices
    return names
