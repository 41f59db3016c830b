from django.db import migrations


def carry_over(apps, schema_editor):
    """What was asked for and decided about skips stands among the approvals from now on; who may approve one is granted anew."""
    Approval = apps.get_model("approvals", "Approval")
    for request in apps.get_model("events", "SkipRequest").objects.select_related("delivery").order_by("pk"):
        done = request.status == "approved"
        Approval.objects.create(
            operation="events.skip_delivery",
            arguments={"delivery": {"kind": "events.delivery", "pk": request.delivery_id}, "reason": request.reason},
            kind="events.delivery",
            object_id=request.delivery_id,
            subject=request.delivery.handler[:200],
            told=[{"label": "Why", "before": "", "after": request.reason, "permission": ""}],
            words=request.reason,
            status=request.status,
            asked_by_id=request.asked_by_id,
            asked_at=request.asked_at,
            decided_by_id=request.decided_by_id,
            decided_at=request.decided_at,
            declined_because="–" if request.status == "declined" else "",
            result_kind="events.delivery" if done else "",
            result_id=request.delivery_id if done else None,
        )
    apps.get_model("events", "SkipRequest").objects.all().delete()
    apps.get_model("auth", "Permission").objects.filter(content_type__app_label="events", content_type__model="skiprequest").delete()


class Migration(migrations.Migration):

    dependencies = [
        ("events", "0010_erasable"),
        ("approvals", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop, elidable=False)]
