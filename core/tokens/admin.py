"""Tokens for clerks: to look at, and to end."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import Act, ClerkAdmin
from core.tokens.models import Token
from core.tokens.operations import revoke_token


@admin.register(Token)
class TokenAdmin(ClerkAdmin):
    """Which programs act for whom."""

    list_display = ("name", "token_key", "user", "created_at", "expiry", "revoked_at")
    list_filter = ("revoked_at",)
    search_fields = ("name", "token_key", "user__name")
    ordering = ("-pk",)
    fields = ("name", "token_key", "user", "scopes", "created_at", "expiry", "revoked_at", "made_by")
    acts = (Act(revoke_token, _("Revoke")),)
