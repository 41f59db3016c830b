import core.db
import core.guards
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


FILL = """
    INSERT INTO finance_daybalance (account_id, day, debit, credit)
    SELECT l.account_id, e.entry_date, sum(greatest(l.base_amount, 0)), sum(greatest(-l.base_amount, 0))
    FROM finance_journalline AS l JOIN finance_journalentry AS e ON e.id = l.entry_id
    GROUP BY l.account_id, e.entry_date
"""


class Migration(migrations.Migration):
    """From the moment the trigger is there until this is committed nobody posts, so that no line is counted twice or not at all."""

    dependencies = [
        ('finance', '0005_who_approved_holds'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayBalance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('debit', core.db.AmountField(decimal_places=4, max_digits=20, verbose_name='debit')),
                ('credit', core.db.AmountField(decimal_places=4, max_digits=20, verbose_name='credit')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='finance.account', verbose_name='account')),
            ],
            options={
                'verbose_name': 'balance of a day',
                'verbose_name_plural': 'balances of days',
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='daybalance',
            index=models.Index(fields=['account', 'day'], name='day_of_account'),
        ),
        migrations.AddConstraint(
            model_name='daybalance',
            constraint=models.CheckConstraint(condition=models.Q(('credit__gte', 0), ('debit__gte', 0)), name='a_day_moves_forward'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='journalline',
            trigger=pgtrigger.compiler.Trigger(name='summed', sql=core.guards.KeepingSql(declare='DECLARE moved record;', func="\n        IF TG_RELID <> 'public.finance_journalline'::regclass THEN\n            RAISE EXCEPTION 'This trigger belongs to finance_journalline.' USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        \n        FOR moved IN\n            SELECT l.account_id, e.entry_date AS day,\n                   sum(greatest(l.base_amount, 0)) AS debit, sum(greatest(-l.base_amount, 0)) AS credit\n            FROM added AS l JOIN finance_journalentry AS e ON e.id = l.entry_id\n            GROUP BY l.account_id, e.entry_date\n        LOOP\n            UPDATE finance_daybalance AS known SET debit = known.debit + moved.debit, credit = known.credit + moved.credit\n            WHERE known.id = (\n                SELECT id FROM finance_daybalance WHERE account_id = moved.account_id AND day = moved.day\n                ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED\n            );\n            IF NOT FOUND THEN\n                INSERT INTO finance_daybalance (account_id, day, debit, credit)\n                VALUES (moved.account_id, moved.day, moved.debit, moved.credit);\n            END IF;\n        END LOOP;\n        RETURN NULL;\n    ", hash='220a4c7b7c6bda5ac2dd48e2b0ea6fe8c3462b35', level='STATEMENT', operation='INSERT', pgid='pgtrigger_summed_76d7b', referencing='REFERENCING NEW TABLE AS added ', table='finance_journalline', when='AFTER')),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='daybalance',
            trigger=pgtrigger.compiler.Trigger(name='only_the_ledger', sql=core.guards.GuardSql(func="\n        IF pg_trigger_depth() < 2 OR current_user <> pg_get_userbyid((SELECT relowner FROM pg_class WHERE oid = TG_RELID)) THEN\n            RAISE EXCEPTION 'What moved on a day follows from the journal lines of the day.' USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='562dac925f59f3ad13edd8bede615be6a00c68a6', operation='INSERT OR UPDATE', pgid='pgtrigger_only_the_ledger_cbdc4', table='finance_daybalance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='daybalance',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=core.guards.GuardSql(func="RAISE EXCEPTION 'Rows of % are never deleted.', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';", hash='8e868c16a5fb655a3488ea6d09855b798897d8ae', operation='DELETE', pgid='pgtrigger_kept_85b14', table='finance_daybalance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='daybalance',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=core.guards.GuardSql(func="RAISE EXCEPTION 'Rows of % are never removed.', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';", hash='b1dc3e0c5001817853d7090e7732a31b0f8e4204', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_ac237', table='finance_daybalance', when='BEFORE')),
        ),
    ]
