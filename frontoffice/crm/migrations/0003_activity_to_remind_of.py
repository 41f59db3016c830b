from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('crm', '0002_activity_reminded_at'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='activity',
            index=models.Index(condition=models.Q(('done_at__isnull', True), ('reminded_at__isnull', True)), fields=['due_at'], name='activity_to_remind_of'),
        ),
    ]
