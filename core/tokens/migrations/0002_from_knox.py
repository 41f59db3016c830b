"""Tokens that were issued before they had names and scopes go on working, under the name "Program"."""

from django.db import migrations

COPY = """
INSERT INTO tokens_token (version, created_at, updated_at, name, token_key, digest, scopes, expiry, revoked_at, made_by_id, user_id)
SELECT 1, created, created, 'Program', left(token_key, 15), digest, '[]', coalesce(expiry, now() + interval '90 days'), NULL, user_id, user_id
FROM knox_authtoken
ON CONFLICT (digest) DO NOTHING
"""


def copy(apps, schema_editor):
    connection = schema_editor.connection
    if "knox_authtoken" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(COPY)
            cursor.execute("DROP TABLE knox_authtoken")


class Migration(migrations.Migration):
    """The old table goes: nobody reads it any more."""

    dependencies = [("tokens", "0001_initial"), ("knox", "0009_extend_authtoken_field")]

    operations = [migrations.RunPython(copy, migrations.RunPython.noop)]
