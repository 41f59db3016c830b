"""Words put into every text of every table, whatever an operation would say to them: what tests then look for wherever people look.

The database's guards step aside for the planting, as in a restore; its constraints stay. What programs read as a name of something of theirs
(a kind, a state, a currency, a handler) is left as it is: other words there would be another record, not other words.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models, transaction
from psycopg2.extras import Json

Words = Callable[[int | None], str]
"""What to plant into a text of at most so many letters; "" where nothing fits."""

NAMES = frozenset({
    "about_kind", "acts_as", "app_label", "codename", "country", "currency", "document_kind", "due_type", "encoding", "existing",
    "external_id", "fields", "fingerprint", "format", "handler", "icon", "id", "kind", "language", "media_type", "message_id", "model",
    "operation", "process", "provider", "purpose", "query", "relation", "result_kind", "role", "screen", "separator", "sequence",
    "source_kind", "state", "status", "storage", "table", "target_kind", "tax_category", "tax_id_country", "time_zone", "type", "action",
    "field", "columns", "theme", "mode", "card", "document_type", "method", "event", "channel", "how", "unit", "cost_method", "sku_kind",
})  # fmt: skip
"""Fields, and keys of JSON, whose words are names that programs know."""
KEYS = frozenset({
    "cache_key", "database_user", "digest", "idempotency_key", "key", "password", "sealed", "session_data", "session_key", "token_key",
    "uid", "value_hash",
})  # fmt: skip
"""Fields that are looked up by what they say, and never shown."""
LEFT = frozenset({
    "auth.Group.name", "auth.Permission.name", "admin.LogEntry.change_message", "admin.LogEntry.object_id", "admin.LogEntry.object_repr",
    "privacy.Retention.rule", "events.ArchivedDelivery.handler", "people.CompanyRole.given", "people.CompanyRole.taken",
    "people.CompanyRole.reaches", "people.User.dismissed", "people.Attempt.value", "mfa.Authenticator.data", "usersessions.UserSession.data",
    "web.SavedView.columns", "web.ListHabit.columns", "integration.Endpoint.event_types", "tokens.Token.scopes", "imports.ImportRun.counts",
    "api.RememberedRequest.body", "people.SignInRule.role", "finance.Journal.code", "crm.Pipeline.name",
})  # fmt: skip
"""Further ones, by model: Django's own, and what is read as a program's."""
UNREACHED = {  # what nothing can be planted into in a full house, and why
    "account.EmailAddress.email": "allauth's own, which we do not use",
    "catalog.Unit.code": "twelve letters: nothing fits",
    "imports.ExternalId.source": "rows of the importers that read folders",
    "imports.ImportRow.before": "nothing was changed by an import",
    "inventory.Warehouse.code": "twelve letters: nothing fits",
    "notifications.Notification.url": "the database lets it lead to our own pages only",
    "privacy.Erasure.reason": "nobody was erased",
    "socialaccount.SocialApp.client_id": "providers stand in the settings",
    "socialaccount.SocialApp.name": "likewise",
    "socialaccount.SocialApp.provider_id": "likewise",
    "socialaccount.SocialApp.secret": "likewise",
    "socialaccount.SocialApp.settings": "likewise",
    "socialaccount.SocialToken.token": "no token of a provider is kept",
    "socialaccount.SocialToken.token_secret": "likewise",
}
PLAIN = re.compile(r"[\d\s:.,+TZ-]*|[0-9a-f-]{32,36}|[a-z_]+\.[A-Za-z_]+|/\S*")
"""Words in JSON that are a figure, a day, a number of a row, the name of an event, or an address of ours."""


def plant(words: Words) -> dict[str, int]:
    """Put the words into every text there is; how many rows of each model hold them now."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    try:
        for model, fields in targets():
            for field in fields:
                found[f"{model._meta.label}.{field.name}"] = _into(model, field, words)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")
    return found


def targets() -> Iterator[tuple[type[models.Model], list[Any]]]:
    """Every model with the fields of its own table that hold words."""
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            fields = [field for field in model._meta.concrete_fields if holds_words(model, field)]
            if fields:
                yield model, fields


def holds_words(model: type[models.Model], field: Any) -> bool:
    """Whether people may have written what stands in a field."""
    if not isinstance(field, (models.CharField, models.TextField, models.JSONField)) or field.choices:
        return False
    return field.name not in NAMES | KEYS and f"{model._meta.label}.{field.name}" not in LEFT


def _into(model: type[models.Model], field: Any, words: Words) -> int:
    rows = model._default_manager.order_by("pk").values_list("pk", field.attname)
    if isinstance(field, models.JSONField):
        changed = [(pk, _in_json(value, words)) for pk, value in rows if value]
    else:
        changed = [(pk, _in_text(field, pk, words)) for pk, value in rows]
        changed = [(pk, value) for pk, value in changed if value]
    quote = connection.ops.quote_name
    sql = f"UPDATE {quote(model._meta.db_table)} SET {quote(field.column)} = %s WHERE {quote(model._meta.pk.column)} = %s"
    kept = 0
    for pk, value in changed:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, [Json(value, dumps=_dumps) if isinstance(field, models.JSONField) else value, pk])
        except IntegrityError:
            continue
        kept += 1
    return kept


def _in_text(field: Any, pk: Any, words: Words) -> str:
    last = f" {pk}" if field.unique or _is_unique(field) else ""
    room = field.max_length - len(last) if field.max_length else None
    said = words(room) if room is None or room > 0 else ""
    return f"{said}{last}" if said else ""


def _is_unique(field: Any) -> bool:
    """Whether a constraint over it wants each row to say something else."""
    constraints = [one for one in field.model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    return any(field.name in one.fields or field.name in str(one.expressions) for one in constraints)


def _in_json(value: Any, words: Words, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _in_json(inner, words, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_in_json(inner, words, key) for inner in value]
    if not isinstance(value, str) or key in NAMES | KEYS or key.endswith(("_kind", "_id")) or PLAIN.fullmatch(value):
        return value
    return words(None)


def _dumps(value: Any) -> str:
    return DjangoJSONEncoder(ensure_ascii=False).encode(value)
