from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Entries that were there before are looked at without holding up those who post: the constraint was added first, and holds since."""

    dependencies = [
        ('finance', '0004_who_approved'),
    ]

    operations = [
        ValidateConstraint(model_name='journalentry', name='who_posts_an_entry_does_not_approve_it'),
    ]
