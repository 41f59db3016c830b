"""Where the modules are joined."""

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig


class IntegrationConfig(AppConfig):
    """Loads every process, so that its handlers and answerers are known, tells the workers about commits, and gives the screens what only this floor knows."""

    name = "integration"

    def ready(self) -> None:
        """Runs once, when all models are loaded."""
        processes = import_module("integration.processes")
        for module in iter_modules(processes.__path__):
            import_module(f"integration.processes.{module.name}")
        import_module("core.events.publishing").wake_with(import_module("integration.tasks").hint)
        import_module("core.jobs.operations").wake_with(import_module("integration.tasks").hint_jobs)
        import_module("core.effects.operations").wake_with(import_module("integration.tasks").hint_effects)
        subscribing = import_module("integration.webhooks.subscribing")
        import_module("core.events.publishing").carry_with(subscribing.tell_endpoints, when=subscribing.ANY_ENDPOINT)
        import_module("integration.faces").plug_in()
