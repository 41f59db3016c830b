"""Fields the serializers share."""

from typing import Any

from rest_framework import serializers


def money(**more: Any) -> serializers.DecimalField:
    """An amount of money."""
    return serializers.DecimalField(max_digits=20, decimal_places=4, **more)
