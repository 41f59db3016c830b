"""Fields that serializers of every module share."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

FIRST, LAST = 1970, 2199


OUR_TIME = "^(19[7-9][0-9]|2[01][0-9]{2})-"


@extend_schema_field({"type": "string", "format": "date-time", "pattern": OUR_TIME})
class MomentField(serializers.DateTimeField):
    """A moment of our time: before it clocks had offsets that no program reads, after it nobody plans."""

    default_error_messages = {"far": _("Give a year from 1970 to 2199.")}

    def to_internal_value(self, value: Any) -> datetime:
        """The moment."""
        moment = super().to_internal_value(value)
        if not FIRST <= moment.year <= LAST:
            self.fail("far")
        return moment
