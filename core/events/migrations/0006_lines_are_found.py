from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('events', '0005_sequence_and_archive'),
    ]

    operations = [
        # The index is built beside the running system; the constraint only takes it over.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY records_of_a_key_follow_one_another ON events_record (type, key, sequence)",
                    migrations.RunSQL.noop,
                ),
                migrations.RunSQL(
                    """
                    ALTER TABLE events_record
                        ADD CONSTRAINT records_of_a_key_follow_one_another
                        UNIQUE USING INDEX records_of_a_key_follow_one_another
                    """,
                    "ALTER TABLE events_record DROP CONSTRAINT records_of_a_key_follow_one_another",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name='record',
                    constraint=models.UniqueConstraint(fields=('type', 'key', 'sequence'), name='records_of_a_key_follow_one_another'),
                ),
            ],
        ),
        RemoveIndexConcurrently(
            model_name='delivery',
            name='delivery_in_order',
        ),
        AddIndexConcurrently(
            model_name='delivery',
            index=models.Index(condition=models.Q(('status__in', ['pending', 'queued', 'leased', 'dead'])), fields=['handler', 'key', 'record'], name='delivery_in_order'),
        ),
        AddIndexConcurrently(
            model_name='delivery',
            index=models.Index(condition=models.Q(('status', 'queued')), fields=['handler', 'key', 'record'], name='delivery_next'),
        ),
    ]
