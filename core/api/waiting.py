"""What is answered when a second person has to check first: 202, the approval, and where to look after it."""

from typing import Any

from django.urls import reverse
from rest_framework.response import Response

from core.api.idempotency import LOCATION
from core.approvals.serializers import ApprovalSerializer
from core.errors import WaitsForSecond


def waiting(view: Any, waits: WaitsForSecond) -> Response:
    """It was asked for: the approval as its own resource shows it."""
    shown = ApprovalSerializer(waits.approval, context=view.get_serializer_context())
    return Response(shown.data, status=waits.status, headers={LOCATION: reverse("api:approvals-detail", args=[waits.approval.pk])})
