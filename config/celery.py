"""Celery, which here only carries hints: the queue of record is Postgres, and Redis may be emptied at any moment."""

import os

from celery import Celery

from config import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("satu")
app.config_from_object("django.conf:settings", namespace="CELERY")  # the broker's address
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    timezone="UTC",
    # A task is a hint to look into the database: nobody reads its result, and losing or doubling one is harmless.
    task_ignore_result=True,
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    task_time_limit=300,
    # Redis may come back at any time; until then keep trying, without end.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # All of these also hold on a Unix socket: kombu leaves out `socket_connect_timeout` there (a local socket connects or refuses
    # at once, and redis-py's UnixDomainSocketConnection has no use for it); tests/config/test_celery.py runs a worker on one.
    broker_transport_options={
        "visibility_timeout": 120,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 3,
        "socket_connect_timeout": 2,
        "health_check_interval": 5,
    },
    beat_schedule={
        # The safety net under the hints that commits send: whatever is due is found within a second.
        "drain": {"task": "integration.tasks.drain", "schedule": 1.0, "options": {"expires": 5}},
        "work_jobs": {"task": "integration.tasks.work_jobs", "schedule": 1.0, "options": {"expires": 5}},
        "send_effects": {"task": "integration.tasks.send_effects", "schedule": 1.0, "options": {"expires": 5}},
        "send_webhooks": {"task": "integration.tasks.send_webhooks", "schedule": 1.0, "options": {"expires": 5}},
        "remind": {"task": "integration.tasks.remind", "schedule": 15.0, "options": {"expires": 15}},
        "tidy": {"task": "integration.tasks.tidy", "schedule": 86400.0, "options": {"expires": 3600}},
        "archive_deliveries": {"task": "integration.tasks.archive_deliveries", "schedule": 24 * 3600.0, "options": {"expires": 12 * 3600}},
        "reconcile": {"task": "integration.tasks.reconcile", "schedule": 3600.0, "options": {"expires": 1800}},
        "retain": {"task": "integration.tasks.retain", "schedule": 24 * 3600.0, "options": {"expires": 12 * 3600}},
        "forget_sessions": {"task": "integration.tasks.forget_sessions", "schedule": 3600.0, "options": {"expires": 1800}},
        "forget_requests": {"task": "integration.tasks.forget_requests", "schedule": 3600.0, "options": {"expires": 1800}},
    },
    beat_schedule_filename=str(embedded.DATA / "celerybeat-schedule"),
    worker_hijack_root_logger=False,
)
app.autodiscover_tasks(["integration"])
