"""What the database knows of erasing: posted rows stay as they are, but a person's facts in them may give way to a mark."""

from django.db import migrations

CREATE = """
CREATE FUNCTION is_erased(was jsonb, is_now jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT is_now IS NOT DISTINCT FROM was
        OR coalesce(is_now IN ('"[erased]"', '["[erased]"]'), false)
        OR (jsonb_typeof(was) = 'object' AND jsonb_typeof(is_now) = 'object' AND NOT EXISTS (
            SELECT FROM jsonb_each(was) AS old (key, value) FULL JOIN jsonb_each(is_now) AS new (key, value) USING (key)
            WHERE old.value IS DISTINCT FROM new.value AND NOT coalesce(new.value IN ('"[erased]"', '["[erased]"]'), false)
        ))
$$;

CREATE FUNCTION only_erased(was jsonb, is_now jsonb) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM privacy_erasure WHERE created_xid = pg_current_xact_id())
        AND NOT EXISTS (
            SELECT FROM jsonb_each(was) AS old (key, value) FULL JOIN jsonb_each(is_now) AS new (key, value) USING (key)
            WHERE NOT is_erased(old.value, new.value)
        );
END;
$$;

CREATE FUNCTION erase_facts(facts jsonb, keys text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN jsonb_typeof(facts) <> 'object' THEN facts ELSE (
        SELECT jsonb_object_agg(key, CASE
            WHEN NOT key = ANY (keys) OR value IN ('null', '""', '[]', '{}') THEN value
            WHEN jsonb_typeof(value) = 'array' THEN '["[erased]"]'
            ELSE '"[erased]"'
        END) FROM jsonb_each(facts)
    ) END
$$;
"""
DROP = """
DROP FUNCTION erase_facts(jsonb, text[]);
DROP FUNCTION only_erased(jsonb, jsonb);
DROP FUNCTION is_erased(jsonb, jsonb);
"""


class Migration(migrations.Migration):
    """``only_erased`` asks for an erasure written in the same transaction; ``privacy_erasure`` is made by ``core.privacy``."""

    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
