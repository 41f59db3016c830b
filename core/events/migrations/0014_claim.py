"""What a worker asks for in one call: to begin, to claim, to finish and claim on."""

from django.db import migrations

CLAIMED = """id bigint, handler varchar, key varchar, held boolean, attempts integer, correlation_id uuid, actor_id bigint"""

ALWAYS_THE_SAME = """SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
    SET enable_hashjoin = off SET enable_mergejoin = off"""
"""Planned once a session, and only by its indexes: how a claim is answered does not depend on what the database believes about a crowd."""

CREATE = f"""
    CREATE FUNCTION events_claim(mine uuid, moment timestamptz, leased_until timestamptz, most integer) RETURNS TABLE ({CLAIMED})
    LANGUAGE plpgsql {ALWAYS_THE_SAME} AS $$
    #variable_conflict use_column
    BEGIN
        RETURN QUERY
        WITH found AS (
            SELECT id, handler, key, attempts, available_at, record_id, record_id > (
                       SELECT head.record_id FROM events_delivery head
                       WHERE head.handler = delivery.handler AND head.key = delivery.key
                         AND head.status IN ('pending', 'queued', 'leased', 'dead')
                       ORDER BY head.record_id LIMIT 1
                   ) OR EXISTS (
                       SELECT 1 FROM events_handlerpause pause WHERE pause.handler = delivery.handler AND pause.ended_at IS NULL
                   ) AS held
              FROM events_delivery delivery
             WHERE status = 'pending' AND available_at <= moment
             ORDER BY available_at, record_id, id LIMIT most FOR UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE events_delivery delivery
               SET status = 'leased', attempts = delivery.attempts + 1, lease_token = mine, lease_until = leased_until
              FROM found WHERE delivery.id = found.id AND NOT found.held
        )
        SELECT found.id, found.handler, found.key, found.held, found.attempts + 1, record.correlation_id, record.actor_id
          FROM found JOIN events_record record ON record.id = found.record_id
         ORDER BY found.available_at, found.record_id, found.id;
    END $$;

    CREATE FUNCTION events_begin(
        mine uuid, is_new boolean, moment timestamptz, leased_until timestamptz, most integer
    ) RETURNS TABLE ({CLAIMED})
    LANGUAGE plpgsql AS $$
    BEGIN
        IF is_new THEN
            PERFORM pg_advisory_lock(hashtextextended('worker ' || mine::text, 0));
        END IF;
        RETURN QUERY SELECT NULL::bigint, ''::varchar, ''::varchar,
                            EXISTS (SELECT 1 FROM events_delivery WHERE status = 'leased'), 0, NULL::uuid, NULL::bigint;
        RETURN QUERY SELECT * FROM events_claim(mine, moment, leased_until, most);
    END $$;

    CREATE FUNCTION events_finish_and_claim(
        finished bigint[], moment timestamptz, mine uuid, leased_until timestamptz, most integer
    ) RETURNS TABLE ({CLAIMED}) LANGUAGE plpgsql AS $$
    DECLARE
        one bigint;
    BEGIN
        FOREACH one IN ARRAY finished LOOP
            PERFORM events_finish(one, moment);
        END LOOP;
        IF most > 0 THEN
            RETURN QUERY SELECT * FROM events_claim(mine, moment, leased_until, most);
        END IF;
    END $$;
"""
DROP = """
    DROP FUNCTION events_finish_and_claim(bigint[], timestamptz, uuid, timestamptz, integer);
    DROP FUNCTION events_begin(uuid, boolean, timestamptz, timestamptz, integer);
    DROP FUNCTION events_claim(uuid, timestamptz, timestamptz, integer);
"""


class Migration(migrations.Migration):
    """Each statement of a function sees what the one before it did and what others committed meanwhile, as separate statements do."""

    dependencies = [("events", "0013_finish")]

    operations = [migrations.RunSQL(CREATE, DROP)]
