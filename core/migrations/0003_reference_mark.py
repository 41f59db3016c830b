"""Marks of what changed in the reference tables, and the function their triggers call."""

from django.db import migrations, models

CREATE = """
CREATE FUNCTION core_reference_changed() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    mine CONSTANT bigint := pg_current_xact_id()::text::bigint;
BEGIN
    INSERT INTO core_referencemark (transaction, mark) VALUES (mine, gen_random_uuid())
    ON CONFLICT (transaction) DO UPDATE SET mark = EXCLUDED.mark;
    -- The marks of others are not needed any more beside a new one; who holds one holds it for as long as he likes, nobody waits.
    DELETE FROM core_referencemark WHERE transaction IN (
        SELECT transaction FROM core_referencemark WHERE transaction <> mine FOR UPDATE SKIP LOCKED
    );
END;
$$;
INSERT INTO core_referencemark (transaction, mark) VALUES (0, gen_random_uuid());
"""


class Migration(migrations.Migration):
    """Nobody waits for anybody: a transaction writes a row of its own, and takes away only rows that nobody holds."""

    dependencies = [("core", "0002_erasing")]

    operations = [
        migrations.CreateModel(
            name="ReferenceMark",
            fields=[
                ("transaction", models.BigIntegerField(primary_key=True, serialize=False)),
                ("mark", models.UUIDField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(CREATE, "DROP FUNCTION core_reference_changed();"),
    ]
