"""Papers: found in every module's ``documents.py``."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PrintingConfig(AppConfig):
    """Loads the declarations, and puts the papers on the records' screens."""

    name = "core.printing"

    def ready(self) -> None:
        """Runs once, when all models are loaded."""
        autodiscover_modules("documents")
        from core.printing import faces  # noqa: PLC0415 - screens can be imported now

        faces.plug_in()
