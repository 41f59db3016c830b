from django.db import migrations

CREATE = """
    CREATE FUNCTION events_finish(delivery bigint, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        done events_delivery;
    BEGIN
        UPDATE events_delivery SET status = 'done', done_at = moment, lease_token = NULL, lease_until = NULL, last_error = ''
        WHERE id = delivery RETURNING * INTO done;
        PERFORM pg_advisory_xact_lock(hashtextextended('line ' || done.handler || ' ' || done.key, 0));
        UPDATE events_delivery SET status = 'pending' WHERE id = (
            SELECT id FROM events_delivery WHERE handler = done.handler AND key = done.key AND status = 'queued' ORDER BY record_id LIMIT 1
        );
    END $$
"""


class Migration(migrations.Migration):
    """What ends a delivery in one call: each statement of a function sees what others committed before it, as separate statements do."""

    dependencies = [("events", "0012_one_kind_of_approval")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION events_finish(bigint, timestamptz)")]
