"""Notifications as the API gives them."""

from rest_framework import serializers

from core.notifications.models import Notification


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """One sentence for the person who asks; ``url`` is the page it is about."""

    class Meta:
        model = Notification
        fields = ("id", "text", "url", "icon", "created_at", "read_at")
        read_only_fields = fields
