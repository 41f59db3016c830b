"""Outgoing messages in the API, for those who look after the system."""

from typing import ClassVar

from core.api.viewsets import Facts, OperationViewSet, verb
from core.effects.models import Effect
from core.effects.operations import cancel_effect, retry_effect
from core.effects.serializers import EffectSerializer
from core.people.models import User


class EffectViewSet(OperationViewSet[Effect]):
    """What is to happen outside, and what became of it."""

    queryset = Effect.objects.order_by("-pk")
    serializer_class = EffectSerializer
    filterset_fields: ClassVar = {
        "status": ["exact"],
        "kind": ["exact"],
        "about_kind": ["exact"],
        "about_id": ["exact"],
        "party": ["exact"],
    }
    ordering_fields = ("created_at", "due_at")

    @verb("effects.retry_effect")
    def retry(self, effect: Effect, _facts: Facts, by: User) -> Effect:
        """Try once more what was given up."""
        return retry_effect(effect, by=by)

    @verb("effects.cancel_effect")
    def cancel(self, effect: Effect, _facts: Facts, by: User) -> Effect:
        """Call off what has not left yet."""
        return cancel_effect(effect, by=by)


ROUTES = [("outgoing-messages", EffectViewSet)]
