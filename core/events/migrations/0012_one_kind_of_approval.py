from django.db import migrations

TABLE = "events_skiprequest"


def let_go(apps, schema_editor):
    """The table stays, empty, for a version that still runs while this one comes up; it holds on to no other table any more."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, TABLE)
        for name in (name for name, one in known.items() if one["foreign_key"]):
            cursor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {connection.ops.quote_name(name)}")


class Migration(migrations.Migration):
    """What knows of requests to skip are the approvals. The next release drops the table."""

    dependencies = [
        ('events', '0011_skips_are_approvals'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='delivery',
            options={'default_permissions': ('view',), 'permissions': [('retry_delivery', 'Can retry a delivery'), ('skip_delivery', 'Can skip a delivery'), ('approve_skip', 'Can approve that a delivery is skipped whose work is in the books')], 'verbose_name_plural': 'deliveries'},
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(let_go, migrations.RunPython.noop)],
            state_operations=[migrations.DeleteModel(name='SkipRequest')],
        ),
    ]
