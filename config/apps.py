"""The application that holds the others together."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Give `shared_task` its Celery application: `config/__init__.py` cannot, it is read before anything is installed."""
        from config import celery  # noqa: F401
