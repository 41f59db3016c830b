"""The function every audit trigger calls."""

from django.db import migrations

CREATE = """
CREATE FUNCTION audit_write(table_name text, action text, was jsonb, is_now jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    secret CONSTANT text[] := ARRAY['password'];
    before jsonb := was - secret;
    after jsonb := is_now - secret;
BEGIN
    IF action = 'UPDATE' THEN
        SELECT jsonb_object_agg(old.key, old.value), jsonb_object_agg(old.key, after -> old.key)
        INTO before, after
        FROM jsonb_each(before) AS old
        WHERE old.value IS DISTINCT FROM after -> old.key AND old.key NOT IN ('version', 'updated_at', 'last_login');
        IF before IS NULL THEN
            RETURN;
        END IF;
    END IF;
    INSERT INTO audit_change ("table", row_id, action, before, after, actor_id, correlation_id, database_user, changed_at)
    VALUES (
        table_name,
        COALESCE(is_now ->> 'id', was ->> 'id')::bigint,
        action,
        before,
        after,
        NULLIF(current_setting('satu.actor', true), '')::bigint,
        NULLIF(current_setting('satu.correlation', true), '')::uuid,
        session_user,
        COALESCE(NULLIF(current_setting('satu.now', true), '')::timestamptz, now())
    );
END;
$$;
"""


class Migration(migrations.Migration):
    """Creates ``audit_write``."""

    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION audit_write(text, text, jsonb, jsonb);")]
