"""The OpenAPI description: what every request may carry besides its own fields."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from core.api.idempotency import HEADER

ONCE = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Any text of 1 to 255 characters that is new for each new request, a UUID for instance. Sent again within 24 hours it acts "
    "no second time: the first answer comes back, with `Idempotent-Replayed: true`. With another body it is refused with 422; while the "
    "first is still worked on, with 409. What was refused is not remembered.",
)


class Schema(AutoSchema):
    """Every POST that acts takes an ``Idempotency-Key``."""

    def get_override_parameters(self) -> list[Any]:
        """The header, for each of them."""
        return [ONCE] if self.method == "POST" and getattr(self.view, "acts_once", False) else []
